from __future__ import annotations

import asyncio

import pytest

from shared.testing.simulation.loop import JumpLoop, Stuck


def loop() -> JumpLoop:
    return JumpLoop()  # type: ignore[abstract]


def test_time_jumps_to_the_next_timer_that_is_still_wanted() -> None:
    jumping = loop()

    async def play() -> list[float]:
        unwanted = asyncio.ensure_future(asyncio.sleep(5))
        await asyncio.sleep(0)
        unwanted.cancel()
        times = [jumping.now]
        for seconds in (10, 0.5, 3600):
            await asyncio.sleep(seconds)
            times.append(jumping.now)
        return times

    assert jumping.play(play()) == [0, 10, 10.5, 3610.5]


def test_timers_of_one_time_go_off_in_the_order_in_which_they_were_set() -> None:
    async def play() -> list[int]:
        order: list[int] = []

        async def note(number: int) -> None:
            await asyncio.sleep(1)
            order.append(number)

        await asyncio.gather(*(note(number) for number in range(50)))
        return order

    assert loop().play(play()) == list(range(50))


def test_waiting_for_what_nothing_can_bring_is_told() -> None:
    async def play() -> None:
        await asyncio.Event().wait()

    with pytest.raises(Stuck):
        loop().play(play())


def test_what_is_left_is_cancelled_at_the_end() -> None:
    ended: list[str] = []

    async def left() -> None:
        try:
            await asyncio.sleep(1000)
        finally:
            ended.append("cancelled")

    async def play() -> asyncio.Task[None]:
        task = asyncio.create_task(left())
        await asyncio.sleep(1)
        return task

    assert loop().play(play()).cancelled() and ended == ["cancelled"]
