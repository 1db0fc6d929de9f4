"""How fast a fleet may call a model: the generic cell rate algorithm, for requests and tokens per minute. Pure.

The state of a limit is one number, the *theoretical arrival time*: when all that was let through would have arrived
had it come evenly. A call pushes it on by its cost at the even rate and starts when it is no more than the burst
ahead, so that those who must wait queue up behind each other, each knowing its start at once. (ITU-T I.371; the
virtual scheduling form.)

A model that is asked less than it may leaves the state behind the clock, and then somebody must write it anew. So that
this does not fall to every call, it may lag for a while, which is half of the burst; the other half may start at once.

The law: no minute, however it is laid, sees more than the limit start; of a call that alone asks for more than half the
burst, only what is beyond it comes on top. For that the even rate is lower than the limit by the burst:
within a minute, at most a burst and a minute's worth of the rate can start.

Time is that of the processes' own clocks. Clocks that are s seconds apart let s seconds' worth more through. A state
further ahead than any honest one is that of a clock that was wrong, and is not believed.
"""

from __future__ import annotations

from dataclasses import dataclass

MINUTE_US = 60_000_000
BURST = 6
"""A burst is one part in so many of the limit: ten seconds' worth."""
AHEAD_US = 600_000_000
"""Waiting is bounded by seconds, a back-off and one call's cost by little over a minute each: no honest state is ten
minutes ahead."""


@dataclass(frozen=True)
class Pace:
    """One limit: ``limit`` units a minute. Times are Unix microseconds."""

    limit: int

    @property
    def burst(self) -> int:
        """Units by which a minute may run ahead of the even rate."""
        return max(1, self.limit // BURST)

    @property
    def burst_us(self) -> int:
        return self.cost_us(self.burst)

    def cost_us(self, units: int) -> int:
        """How long units take at the even rate, rounded up. More than the limit count as the limit: Bedrock decides."""
        return -(-min(units, self.limit) * MINUTE_US // (self.limit - self.burst + 1))

    @property
    def lag_us(self) -> int:
        """How far behind the clock the state may be; a burst of one cannot be halved."""
        return self.burst_us // 2 if self.burst > 1 else 0

    @property
    def ahead_us(self) -> int:
        """How far ahead of the clock the state may be after a call that starts at once."""
        return self.burst_us - self.lag_us

    def room_us(self, units: int) -> int:
        """How far ahead the state may be for so many units to start at once."""
        return self.ahead_us - min(self.cost_us(units), self.ahead_us)

    def in_step(self, state: int | None, now: int) -> bool:
        """Whether a state is neither too far behind the clock nor that of a clock that was wrong."""
        return state is not None and now - self.lag_us <= state <= now + AHEAD_US

    def believed(self, state: int | None, now: int) -> int:
        """The state to reckon with."""
        if state is not None and self.in_step(state, now):
            return state
        return now if state is None or state < now else now + self.ahead_us

    def start_us(self, before: int, units: int, now: int) -> int:
        """When a call of so many units may start, the state before it being believed."""
        return max(now, before - self.room_us(units))


@dataclass(frozen=True)
class Slot:
    """What becomes of a call: the states after it, and how long it has to wait."""

    states: dict[str, int]
    wait_us: int


def plan(paces: dict[str, Pace], states: dict[str, int | None], units: dict[str, int], now: int) -> Slot:
    """The place in the queues of all limits of a call that takes so many units of each."""
    before = {name: pace.believed(states.get(name), now) for name, pace in paces.items()}
    starts = [pace.start_us(before[name], units[name], now) for name, pace in paces.items()]
    after = {name: before[name] + pace.cost_us(units[name]) for name, pace in paces.items()}
    return Slot(after, max([0, *(start - now for start in starts)]))


def held_back(paces: dict[str, Pace], states: dict[str, int | None], delay_us: int, now: int) -> dict[str, int]:
    """The states after a throttle: nothing starts for ``delay_us``, and then at the even rate."""
    return {
        name: max(pace.believed(states.get(name), now), now + pace.ahead_us + delay_us) for name, pace in paces.items()
    }
