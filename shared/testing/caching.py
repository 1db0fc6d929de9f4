"""A Bedrock by script that looks into the cache first, as the real one does."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.base import content_hash
from shared.bedrock.cache import AnswerCache
from shared.bedrock.ports import Account, Answer, ToolSpec
from shared.bedrock.requests import converse_request
from shared.store.ports import ObjectStore
from shared.testing.bedrock import FakeBedrock, Said, Script


class CachingBedrock(FakeBedrock):
    """``calls`` are those that the cache in ``objects`` did not answer; their answers are not kept."""

    def __init__(self, objects: ObjectStore, script: Script | Iterable[Said]) -> None:
        super().__init__(script)
        self._cache = AnswerCache(objects)

    async def converse(
        self, *, model: str, system: str, user: str, max_tokens: int, cache: bool = True,
        account: Account | None = None, tool: ToolSpec | None = None,
    ) -> Answer:  # fmt: skip
        known = await self._cache.get(content_hash(converse_request(model, system, user, max_tokens, tool)))
        if known is not None:
            return known
        return await super().converse(
            model=model, system=system, user=user, max_tokens=max_tokens, cache=cache, account=account, tool=tool
        )
