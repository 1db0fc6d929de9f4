from __future__ import annotations

import asyncio

import pytest

from shared.testing import FakeClock


async def test_sleepers_wake_in_the_order_of_their_times() -> None:
    clock, woken = FakeClock(), list[str]()

    async def sleeper(name: str, seconds: float) -> None:
        await clock.sleep(seconds)
        woken.append(name)

    tasks = [asyncio.ensure_future(sleeper(name, seconds)) for name, seconds in [("c", 3), ("a", 1), ("b", 2)]]
    await clock.advance(2.5)
    assert woken == ["a", "b"]
    await clock.run(asyncio.gather(*tasks))
    assert woken == ["a", "b", "c"]


async def test_run_passes_the_time_that_is_needed() -> None:
    clock = FakeClock(start=100.0)
    await clock.run(clock.sleep(3600))
    assert clock.now() == 3700.0


async def test_run_names_a_wait_without_end() -> None:
    with pytest.raises(RuntimeError, match="everything waits"):
        await FakeClock().run(asyncio.Event().wait())
