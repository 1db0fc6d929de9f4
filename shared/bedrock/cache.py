"""Model answers kept in S3 by the hash of the whole request, so that the same question is paid once."""

from __future__ import annotations

import json
from dataclasses import asdict, replace

from shared.bedrock.ports import Answer
from shared.store import keys
from shared.store.ports import ObjectStore


class AnswerCache:
    """Answers under ``llm-cache/<hash>``."""

    def __init__(self, objects: ObjectStore) -> None:
        self._objects = objects

    async def get(self, digest: str) -> Answer | None:
        try:
            body = await self._objects.get(keys.llm_cache(digest))
        except KeyError:
            return None
        return replace(Answer(**json.loads(body)), cached=True)

    async def put(self, digest: str, answer: Answer) -> None:
        body = json.dumps(asdict(answer), ensure_ascii=False, sort_keys=True).encode()
        await self._objects.put(keys.llm_cache(digest), body, content_type="application/json")
