"""S3 in memory."""

from __future__ import annotations

import asyncio
import hashlib
from collections.abc import AsyncIterator, Mapping
from pathlib import Path

from shared.errors import ObjectTooBig
from shared.store.ports import StoredObject

DEFAULT_BUCKET = "groundtune-test"


class MemoryObjectStore:
    """Objects of any number of buckets; ``contents`` may be looked at and set by tests."""

    def __init__(self, bucket: str = DEFAULT_BUCKET) -> None:
        self.bucket = bucket
        self.contents: dict[tuple[str, str], tuple[bytes, dict[str, str]]] = {}

    async def get(self, key: str, *, bucket: str | None = None, limit: int | None = None) -> bytes:
        found = self.contents.get((bucket or self.bucket, key))
        if found is None:
            raise KeyError(key)
        if limit is not None and len(found[0]) > limit:
            raise ObjectTooBig(key, len(found[0]), limit)
        return found[0]

    async def put(
        self, key: str, body: bytes, *, content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> str:  # fmt: skip
        # names of metadata travel as headers: in lower case
        self.contents[self.bucket, key] = bytes(body), {k.lower(): v for k, v in (metadata or {}).items()}
        return _etag(body)

    async def get_file(self, key: str, path: Path) -> None:
        await asyncio.to_thread(path.write_bytes, await self.get(key))

    async def put_file(
        self, key: str, path: Path, *, content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> str:  # fmt: skip
        body = await asyncio.to_thread(path.read_bytes)
        return await self.put(key, body, content_type=content_type, metadata=metadata)

    async def head(self, key: str, *, bucket: str | None = None) -> StoredObject | None:
        found = self.contents.get((bucket or self.bucket, key))
        return None if found is None else StoredObject(key, _etag(found[0]), len(found[0]), dict(found[1]))

    async def list(self, prefix: str, *, bucket: str | None = None) -> AsyncIterator[StoredObject]:
        place = bucket or self.bucket
        # S3 lists in the order of the keys' UTF-8 bytes
        keys = sorted((key for where, key in self.contents if where == place), key=str.encode)
        for key in keys:
            if key.startswith(prefix):
                body = self.contents[place, key][0]
                yield StoredObject(key, _etag(body), len(body))

    async def delete(self, key: str) -> None:
        self.contents.pop((self.bucket, key), None)


def _etag(body: bytes) -> str:
    return hashlib.md5(body, usedforsecurity=False).hexdigest()
