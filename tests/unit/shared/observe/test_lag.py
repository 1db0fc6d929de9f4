from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from shared.observe.lag import NO_TASK, LagProbe

Report = tuple[str, float, str]
BLOCKED_S = 0.1
LONG_S = 5 * BLOCKED_S


@contextmanager
def probing(probe: LagProbe) -> Iterator[None]:
    stop = threading.Event()
    thread = threading.Thread(target=probe.run, args=(stop,))
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()


def sleeps() -> None:
    time.sleep(LONG_S)


def spins() -> None:
    end = time.monotonic() + LONG_S
    while time.monotonic() < end:
        sum(range(100))


@pytest.mark.parametrize("block", [sleeps, spins])
async def test_what_blocks_the_loop_is_named_with_file_and_line(block: Callable[[], None]) -> None:
    reports: list[Report] = []

    async def handler() -> None:
        block()

    def of_handler() -> list[Report]:
        return [report for report in reports if report[0] == "groundtune.slow.v1"]

    probe = LagProbe(
        asyncio.get_running_loop(), on_lag=lambda seconds: None, on_blocked=lambda *report: reports.append(report),
        every_s=0.01, blocked_s=BLOCKED_S,
    )  # fmt: skip
    runs = 0
    with probing(probe):
        while not of_handler():
            await asyncio.create_task(handler(), name="groundtune.slow.v1")
            runs += 1
            await asyncio.sleep(0.05)
    _, seconds, where = of_handler()[0]
    assert seconds >= BLOCKED_S
    innermost, outer = where.split(" < ")[:2]
    file, line = innermost.split(" ")[0].rsplit(":", 1)
    assert file == __file__
    assert block.__code__.co_firstlineno < int(line) < block.__code__.co_firstlineno + 4
    assert innermost.endswith(f" {block.__name__}")
    assert outer.endswith("handler")
    assert len(of_handler()) <= runs


async def test_the_name_is_what_the_caller_says_and_the_lag_is_told_too() -> None:
    reports: list[Report] = []
    lags: list[float] = []
    probe = LagProbe(
        asyncio.get_running_loop(), on_lag=lags.append, on_blocked=lambda *report: reports.append(report),
        name_of=lambda task: f"handler of {task.get_name()}", every_s=0.01, blocked_s=BLOCKED_S,
    )  # fmt: skip

    async def handler() -> None:
        sleeps()

    with probing(probe):
        while not any(name == "handler of x" for name, _, _ in reports):
            await asyncio.create_task(handler(), name="x")
            await asyncio.sleep(0.05)
    assert max(lags) >= BLOCKED_S


async def test_a_callback_that_blocks_has_no_task_but_a_place() -> None:
    reports: list[Report] = []
    loop = asyncio.get_running_loop()
    probe = LagProbe(
        loop, on_lag=lambda seconds: None, on_blocked=lambda *report: reports.append(report), every_s=0.01,
        blocked_s=BLOCKED_S,
    )  # fmt: skip
    with probing(probe):
        while not any(name == NO_TASK and where.endswith(" sleeps") for name, _, where in reports):
            loop.call_soon(sleeps)
            await asyncio.sleep(0.05)


async def test_a_free_loop_answers_and_nobody_is_blamed() -> None:
    lags: list[float] = []
    blamed: list[str] = []
    probe = LagProbe(
        asyncio.get_running_loop(), on_lag=lags.append, on_blocked=lambda name, *_: blamed.append(name), every_s=0.01,
        blocked_s=60,
    )  # fmt: skip
    with probing(probe):
        while len(lags) < 3:
            await asyncio.sleep(0.01)
    assert min(lags) >= 0
    assert blamed == []


async def test_asked_to_stop_it_tells_of_a_blockage_that_still_lasts() -> None:
    reports: list[Report] = []
    stop = threading.Event()

    def name_of(task: asyncio.Task[object]) -> str:
        stop.set()
        return task.get_name()

    probe = LagProbe(
        asyncio.get_running_loop(), on_lag=lambda seconds: None, on_blocked=lambda *report: reports.append(report),
        name_of=name_of, every_s=0.01, blocked_s=BLOCKED_S,
    )  # fmt: skip
    thread = threading.Thread(target=probe.run, args=(stop,))

    async def handler() -> None:
        thread.start()
        thread.join()  # until the probe has ended

    await asyncio.create_task(handler(), name="stuck")
    assert [name for name, _, _ in reports] == ["stuck"]


def test_it_ends_with_the_loop() -> None:
    loop = asyncio.new_event_loop()
    probe = LagProbe(loop, on_lag=lambda seconds: None, on_blocked=lambda *report: None, every_s=0.01)
    loop.close()
    probe.run(threading.Event())
