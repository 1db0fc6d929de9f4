"""Artifacts in S3: models as JSON, lists of models as JSON Lines, each written whole or not at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TypeVar

from pydantic import BaseModel

from schemas.base import canonical_json
from shared.store.ports import ObjectStore

M = TypeVar("M", bound=BaseModel)

JSON = "application/json"
JSON_LINES = "application/x-ndjson"


class Artifacts:
    """Reads and writes typed artifacts through an object store. Reading a missing key raises KeyError."""

    def __init__(self, objects: ObjectStore) -> None:
        self.objects = objects

    async def read(self, key: str, model: type[M]) -> M:
        return model.model_validate_json(await self.objects.get(key))

    async def write(self, key: str, value: BaseModel, metadata: Mapping[str, str] | None = None) -> None:
        await self.objects.put(key, as_line(value), content_type=JSON, metadata=metadata)

    async def read_lines(self, key: str, model: type[M]) -> list[M]:
        body = await self.objects.get(key)
        return [model.model_validate_json(line) for line in body.splitlines() if line.strip()]

    async def write_lines(
        self, key: str, values: Iterable[BaseModel], metadata: Mapping[str, str] | None = None
    ) -> None:
        body = b"".join(as_line(value) for value in values)
        await self.objects.put(key, body, content_type=JSON_LINES, metadata=metadata)

    async def exists(self, key: str) -> bool:
        return await self.objects.head(key) is not None

    async def write_bytes(
        self, key: str, body: bytes, content_type: str, metadata: Mapping[str, str] | None = None
    ) -> str:
        return await self.objects.put(key, body, content_type=content_type, metadata=metadata)

    async def read_bytes(self, key: str) -> bytes:
        return await self.objects.get(key)


def as_line(value: BaseModel) -> bytes:
    """A model as one line of JSON: equal models give equal bytes."""
    return (canonical_json(value.model_dump(mode="json")) + "\n").encode()
