"""Calls repeated while what made them fail may pass, for callers that have no better plan.

As the SDKs' standard mode does: a few tries, exponential backoff, full jitter (AWS SDKs and Tools reference guide,
"Retry behavior"). A call may have taken effect though its answer was lost: its caller must bear a second one.
"""

from __future__ import annotations

import asyncio
import random
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from shared.aws import translate
from shared.aws_json import JsonClient
from shared.errors import Retryable

TRIES = 5
BASE_S = 0.1


class Retrying:
    """A client around another one."""

    def __init__(
        self, client: JsonClient, *, chance: Callable[[], float] = random.random,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
    ) -> None:  # fmt: skip
        self._client = client
        self._chance = chance
        self._sleep = sleep

    async def call(self, operation: str, content: Mapping[str, Any]) -> dict[str, Any]:
        for attempt in range(1, TRIES):
            try:
                return await self._client.call(operation, content)
            except Exception as error:
                if not isinstance(translate(error, operation), Retryable):
                    raise
            await self._sleep(self._chance() * BASE_S * 2**attempt)
        return await self._client.call(operation, content)
