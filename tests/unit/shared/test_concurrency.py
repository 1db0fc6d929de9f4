from __future__ import annotations

import asyncio

import pytest

from shared.concurrency import gathered


async def test_results_keep_their_order_and_no_more_than_the_limit_run_at_once() -> None:
    running, most = 0, 0

    async def call(n: int) -> int:
        nonlocal running, most
        running += 1
        most = max(most, running)
        await asyncio.sleep(0)
        running -= 1
        return n

    assert await gathered((call(n) for n in range(20)), at_once=3) == list(range(20))
    assert most == 3


async def test_the_first_error_is_raised_after_all_have_ended() -> None:
    ended = []

    async def call(n: int) -> None:
        if n == 1:
            raise ValueError(n)
        ended.append(n)

    with pytest.raises(ValueError, match="1"):
        await gathered(call(n) for n in range(4))
    assert ended == [0, 2, 3]
