from __future__ import annotations

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest

from shared.bedrock.models import Facts
from shared.bedrock.rates import PATIENCE_S, RateLimits
from shared.errors import Throttled
from shared.store.ports import Addition
from shared.testing import FakeClock, MemoryTable

MODEL = "us.acme.big-v1:0"


class CountingTable(MemoryTable):
    """A table that gives way to others before each write, and counts all that is asked of it."""

    def __init__(self) -> None:
        super().__init__()
        self.asked = 0

    async def get(self, pk: str, sk: str) -> Any:
        self.asked += 1
        return await super().get(pk, sk)

    async def add(
        self, pk: str, sk: str, amounts: Mapping[str, int], *, at_most: Mapping[str, int] | None = None,
        at_least: Mapping[str, int] | None = None,
    ) -> Addition:  # fmt: skip
        self.asked += 1
        await asyncio.sleep(0)
        return await super().add(pk, sk, amounts, at_most=at_most, at_least=at_least)

    async def update(
        self, pk: str, sk: str, values: Mapping[str, Any], *, expected: Mapping[str, Any] | None = None
    ) -> bool:
        self.asked += 1
        await asyncio.sleep(0)
        return await super().update(pk, sk, values, expected=expected)


def limits(table: MemoryTable, clock: FakeClock) -> RateLimits:
    return RateLimits(table, clock, chance=lambda: 1.0)


async def entering(many: list[RateLimits], facts: Facts, calls: int, clock: FakeClock) -> tuple[list[float], int]:
    """When calls of several processes were let in, and how many were sent back."""
    results = await clock.run(
        asyncio.gather(
            *(many[n % len(many)].enter(MODEL, facts, 100) for n in range(calls)), return_exceptions=True
        )
    )  # fmt: skip
    entered = [result for result in results if isinstance(result, float)]
    assert all(isinstance(result, float | Throttled) for result in results)
    return entered, len(results) - len(entered)


async def test_without_limits_nothing_is_asked_of_the_table() -> None:
    table, clock = CountingTable(), FakeClock()
    rates = limits(table, clock)
    assert await rates.enter(MODEL, Facts(), 1_000_000) == clock.now()
    await rates.correct(MODEL, Facts(), reserved=5, used=1)
    assert await rates.throttled(MODEL, Facts(), clock.now()) > 0
    assert table.asked == 0


@pytest.mark.parametrize("facts", [Facts(rpm=60), Facts(tpm=6_000), Facts(rpm=60, tpm=6_000)])
async def test_processes_together_keep_to_a_limit_and_send_back_what_would_wait_too_long(facts: Facts) -> None:
    table, clock = CountingTable(), FakeClock()
    start = clock.now()
    processes = [limits(table, clock) for _ in range(4)]
    entered, sent_back = await entering(processes, facts, 60, clock)
    assert max(entered) - start <= PATIENCE_S + 0.001
    assert 20 <= len(entered) <= 30 and sent_back == 60 - len(entered)
    assert len([at for at in entered if at == start]) <= 11


async def test_a_throng_costs_about_a_write_a_call() -> None:
    table, clock = CountingTable(), FakeClock()
    processes = [limits(table, clock) for _ in range(8)]
    await entering(processes, Facts(rpm=600), 1, clock)
    before = table.asked
    entered, _ = await entering(processes, Facts(rpm=600), 80, clock)
    assert len(entered) == 80
    assert table.asked - before <= 80 + 24  # while the state lies behind the clock, several try to set it


async def test_a_model_that_is_asked_less_than_it_may_costs_a_write_a_call_too() -> None:
    table, clock = CountingTable(), FakeClock()
    processes = [limits(table, clock) for _ in range(8)]
    facts = Facts(rpm=6_000, tpm=1_000_000)
    for _ in range(60):
        await asyncio.gather(*(rates.enter(MODEL, facts, 10) for rates in processes))
        await clock.advance(0.5)
    assert table.asked < 480 * 1.4


async def test_no_minute_of_a_long_throng_sees_more_than_the_limit() -> None:
    table, clock = CountingTable(), FakeClock()
    processes = [limits(table, clock) for _ in range(3)]
    started: list[float] = []

    async def worker(rates: RateLimits) -> None:
        for _ in range(40):
            try:
                started.append(await rates.enter(MODEL, Facts(rpm=30), 1))
            except Throttled as error:
                assert error.delay_s is not None and error.delay_s > 0
                await clock.sleep(error.delay_s)

    await clock.run(asyncio.gather(*(worker(rates) for rates in processes for _ in range(12))))
    assert len(started) > 200
    assert all(sum(first <= at < first + 60 for at in started) <= 30 for first in started)


async def test_tokens_that_were_not_used_are_given_back() -> None:
    table, clock = CountingTable(), FakeClock()
    rates, facts = limits(table, clock), Facts(tpm=6_000)
    await rates.enter(MODEL, facts, 1_000)
    await rates.correct(MODEL, facts, reserved=1_000, used=100)
    before = clock.now()
    assert await clock.run(rates.enter(MODEL, facts, 400)) - before < 0.01


async def test_after_a_throttle_other_processes_wait_too_and_longer_each_time() -> None:
    table, clock = CountingTable(), FakeClock()
    one, other, facts = limits(table, clock), limits(table, clock), Facts(rpm=600)
    entered = await clock.run(one.enter(MODEL, facts, 1))
    first = await one.throttled(MODEL, facts, entered)
    assert await one.throttled(MODEL, facts, entered) == pytest.approx(first)  # it was under way with the first
    before = clock.now()
    entered = await clock.run(other.enter(MODEL, facts, 1))
    assert entered - before >= first
    assert await other.throttled(MODEL, facts, entered) == 2 * first


async def test_a_wait_that_is_too_long_after_throttles_goes_back_with_its_delay() -> None:
    table, clock = CountingTable(), FakeClock()
    rates, facts = limits(table, clock), Facts(rpm=600)
    for _ in range(5):
        await rates.throttled(MODEL, facts, clock.now())
        await clock.advance(40)
    await rates.throttled(MODEL, facts, clock.now())
    with pytest.raises(Throttled) as raised:
        await rates.enter(MODEL, facts, 1)
    assert raised.value.delay_s is not None and 20 < raised.value.delay_s <= 70


async def test_without_limits_the_process_itself_backs_off() -> None:
    clock = FakeClock()
    rates = limits(CountingTable(), clock)
    delay = await rates.throttled(MODEL, Facts(), clock.now())
    before = clock.now()
    assert await clock.run(rates.enter(MODEL, Facts(), 1)) - before == pytest.approx(delay)


async def test_a_clock_that_ran_far_ahead_blocks_nobody() -> None:
    table, clock, wrong = CountingTable(), FakeClock(), FakeClock(start=1_700_000_000.0 + 7 * 86_400)
    await limits(table, wrong).enter(MODEL, Facts(rpm=60), 1)
    before = clock.now()
    assert await clock.run(limits(table, clock).enter(MODEL, Facts(rpm=60), 1)) - before <= PATIENCE_S
