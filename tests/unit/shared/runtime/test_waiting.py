from __future__ import annotations

import asyncio

from shared.runtime.waiting import set_within
from shared.testing import FakeClock


async def test_an_event_that_is_set_ends_the_wait_at_once_and_its_timer_with_it() -> None:
    clock, event = FakeClock(), asyncio.Event()
    waiting = asyncio.ensure_future(set_within(clock, 100, event))
    await clock.advance(10)
    assert not waiting.done()
    event.set()
    await clock.advance(0)
    assert waiting.done()
    event.clear()
    await clock.advance(1000)
    assert not event.is_set()


async def test_the_end_of_the_time_sets_the_event() -> None:
    clock, event = FakeClock(), asyncio.Event()
    begun = clock.now()
    await clock.run(set_within(clock, 100, event))
    assert event.is_set() and clock.now() - begun == 100


async def test_who_is_cancelled_leaves_no_timer_behind() -> None:
    clock, event = FakeClock(), asyncio.Event()
    waiting = asyncio.ensure_future(set_within(clock, 100, event))
    await clock.advance(1)
    waiting.cancel()
    await clock.advance(1000)
    assert waiting.cancelled() and not event.is_set()
