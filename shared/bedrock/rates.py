"""Limits of requests and tokens per minute that a whole fleet keeps to, through one item of the table for each model.

Mostly one bounded addition says all: it takes a place in the queue, and what it returns says when that comes up. Only
every few seconds, or after a pause, lies the state too far behind the clock and is written anew, by whoever is first.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from shared.bedrock.model_names import model_name
from shared.bedrock.models import Facts
from shared.bedrock.pace import Pace, held_back, plan
from shared.clock import Clock
from shared.errors import Throttled
from shared.store.ports import Item, Table

PATIENCE_S = 20.0
"""A call waits so long for its turn; one that would wait longer goes back to its queue."""
TRIES = 20
BACKOFF_BASE_S, BACKOFF_CAP_S = 2.0, 60.0
CALM_S = 120.0
"""A throttle so long after the last one is a new story."""
SECOND_US = 1_000_000
SK = "pace"


class RateLimits:
    """Waits for a turn at a model. Where no limits are set nothing is asked of the table."""

    def __init__(self, table: Table, clock: Clock, *, chance: Callable[[], float] = random.random) -> None:
        self._table = table
        self._clock = clock
        self._chance = chance
        self._held: dict[str, float] = {}
        """Until when this process leaves a model alone; all that there is where no limits are set."""

    async def enter(self, model: str, facts: Facts, tokens: int) -> float:
        """Waits for the turn of a call of so many tokens; returns when it came, Unix seconds.

        Raises Throttled, with the delay, when that would take too long.
        """
        paces = _paces(facts)
        wait_s = await self._take(model, paces, {"requests": 1, "tokens": tokens}) if paces else 0.0
        if wait_s > 0:
            await self._clock.sleep(wait_s)
        await self._wait_for_release(model)
        return self._clock.now()

    async def correct(self, model: str, facts: Facts, *, reserved: int, used: int) -> None:
        """Replaces the tokens that a call reserved by those that it used."""
        pace = _paces(facts).get("tokens")
        if pace is not None and (by := pace.cost_us(used) - pace.cost_us(reserved)):
            await self._table.add(_pk(model), SK, {"tokens": by})

    async def throttled(self, model: str, facts: Facts, entered_at: float) -> float:
        """Bedrock throttled a call that was let in at ``entered_at``: everybody leaves the model alone for a while.

        Returns for how many seconds. Calls that were under way together are one throttle, however many they are.
        """
        now = self._clock.now()
        if paces := _paces(facts):
            delay_s = await self._hold_back(model, paces, entered_at)
        else:
            held = self._held.get(model, 0.0)
            delay_s = held - now if entered_at < held else self._backoff(1)
        self._held[model] = max(self._held.get(model, 0.0), now + delay_s)
        return max(0.0, delay_s)

    async def _take(self, model: str, paces: dict[str, Pace], units: dict[str, int]) -> float:
        item: Item | None = None
        for _ in range(TRIES):
            now = self._now_us()
            added = await self._table.add(
                _pk(model), SK, {name: pace.cost_us(units[name]) for name, pace in paces.items()},
                at_least={name: now - pace.lag_us for name, pace in paces.items()},
                at_most={name: now + pace.room_us(units[name]) + _us(PATIENCE_S) for name, pace in paces.items()},
            )  # fmt: skip
            if added.done:
                assert added.item is not None
                return _wait_s(paces, added.item, units, now)
            item = added.item
            slot = plan(paces, _states(paces, item), units, now)
            if slot.wait_us > _us(PATIENCE_S):
                delay_s = slot.wait_us / SECOND_US - PATIENCE_S / 2
                raise Throttled(f"model {model} is used as much as its limits allow", delay_s=delay_s)
            if _out_of_step(paces, item, now) and await self._write(model, item, slot.states):
                return slot.wait_us / SECOND_US
        raise Throttled(f"model {model} is asked for by too many at once", delay_s=1 + self._chance() * PATIENCE_S)

    async def _hold_back(self, model: str, paces: dict[str, Pace], entered_at: float) -> float:
        for _ in range(TRIES):
            now = self._clock.now()
            item = await self._table.get(_pk(model), SK)
            last = (item or {}).get("throttled_us", 0) / SECOND_US
            until = (item or {}).get("held_us", 0) / SECOND_US
            if entered_at < until:  # it was under way when another one was throttled
                return float(until - now)
            times = int((item or {}).get("throttles", 0)) + 1 if now - last < CALM_S else 1
            delay_s = self._backoff(times)
            states: dict[str, int] = held_back(paces, _states(paces, item), _us(delay_s), _us(now))
            states |= {"throttled_us": _us(now), "held_us": _us(now + delay_s), "throttles": times}
            if await self._write(model, item, states):
                return delay_s
        return self._backoff(1)

    async def _write(self, model: str, item: Item | None, states: dict[str, int]) -> bool:
        if item is None:
            return await self._table.create({"pk": _pk(model), "sk": SK, **states}) is None
        return await self._table.update(_pk(model), SK, states, expected={name: item.get(name) for name in states})

    async def _wait_for_release(self, model: str) -> None:
        left = self._held.get(model, 0.0) - self._clock.now()
        if left > PATIENCE_S:
            raise Throttled(f"model {model} was throttled", delay_s=left)
        if left > 0:
            await self._clock.sleep(left)

    def _backoff(self, times: int) -> float:
        """Doubling, half of it by chance, so that processes without a table between them do not march in step."""
        whole = min(BACKOFF_CAP_S, BACKOFF_BASE_S * 2.0 ** min(times - 1, 10))
        return whole * (0.5 + 0.5 * self._chance())

    def _now_us(self) -> int:
        return _us(self._clock.now())


def _paces(facts: Facts) -> dict[str, Pace]:
    limits = {"requests": facts.rpm, "tokens": facts.tpm}
    return {name: Pace(limit) for name, limit in limits.items() if limit is not None}


def _states(paces: dict[str, Pace], item: Item | None) -> dict[str, int | None]:
    return {name: None if item is None else item.get(name) for name in paces}


def _wait_s(paces: dict[str, Pace], item: Item, units: dict[str, int], now: int) -> float:
    """Of a call that has been added to the states already."""
    before = {name: int(item[name]) - pace.cost_us(units[name]) for name, pace in paces.items()}
    return plan(paces, dict(before), units, now).wait_us / SECOND_US


def _out_of_step(paces: dict[str, Pace], item: Item | None, now: int) -> bool:
    states = _states(paces, item)
    return not all(pace.in_step(states[name], now) for name, pace in paces.items())


def _pk(model: str) -> str:
    return f"rate#{model_name(model)}"


def _us(seconds: float) -> int:
    return round(seconds * SECOND_US)
