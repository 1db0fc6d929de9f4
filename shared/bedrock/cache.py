"""Model answers kept in S3 by the hash of the whole request, so that the same question is paid once."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from shared.bedrock.ports import Answer, Grounding
from shared.store import keys
from shared.store.ports import ObjectStore


class AnswerCache:
    """Answers under ``llm-cache/<hash>``."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    async def get(self, digest: str) -> Answer | None:
        body = await self._read(digest)
        return None if body is None else replace(Answer(**json.loads(body)), cached=True)

    async def put(self, digest: str, answer: Answer) -> None:
        await self._write(digest, answer)

    async def get_grounding(self, digest: str) -> Grounding | None:
        body = await self._read(digest)
        return None if body is None else Grounding(**json.loads(body))

    async def put_grounding(self, digest: str, grounding: Grounding) -> None:
        await self._write(digest, grounding)

    async def _read(self, digest: str) -> bytes | None:
        try:
            return await self._objects.get(keys.llm_cache(digest))
        except KeyError:
            return None

    async def _write(self, digest: str, said: Answer | Grounding) -> None:
        body = json.dumps(asdict(said), ensure_ascii=False, sort_keys=True).encode()
        await self._objects.put(keys.llm_cache(digest), body, content_type="application/json")
