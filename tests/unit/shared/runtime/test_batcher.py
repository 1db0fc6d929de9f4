from __future__ import annotations

from collections.abc import Sequence

import pytest

from shared.errors import Throttled
from shared.runtime.batcher import Batcher
from shared.runtime.queue import Outcomes, Refused
from shared.testing import FakeClock


class Line:
    """A batcher whose upstream and call a test decides; what was sent, and when."""

    def __init__(self, **bounds: int) -> None:
        self.clock = FakeClock()
        self.upstream = True
        self.sent: list[tuple[float, list[str]]] = []
        self.outcomes: list[Refused | None] = []
        self.error: Exception | None = None
        weight = {"weight": len, "limit": bounds["limit"]} if bounds else {}
        self.batcher: Batcher[str] = Batcher(self._call, self.clock, lambda: self.upstream, **weight)  # type: ignore[arg-type]
        self._begun = self.clock.now()

    async def _call(self, entries: Sequence[str]) -> Outcomes:
        self.sent.append((round(self.clock.now() - self._begun, 3), list(entries)))
        if self.error is not None:
            raise self.error
        return [Refused("Bad", "bad", permanent=True) if entry == "bad" else None for entry in entries]

    def add(self, *entries: str, linger_s: float = 1.0) -> None:
        for entry in entries:
            self.batcher.add(entry, self.outcomes.append, linger_s)

    @property
    def sizes(self) -> list[int]:
        return [len(entries) for _, entries in self.sent]


async def test_ten_entries_go_at_once() -> None:
    line = Line()
    line.add(*"abcdefghijkl")
    await line.clock.advance(0)
    assert line.sizes == [10] and line.outcomes == [None] * 10
    await line.clock.advance(2)
    assert line.sizes == [10, 2] and line.batcher.idle


async def test_a_lingering_batch_goes_when_its_first_entry_is_due() -> None:
    line = Line()
    line.add("a", linger_s=3)
    await line.clock.advance(2)
    assert line.sent == []
    line.add("b", linger_s=0.1)
    await line.clock.advance(1)
    assert [entries for _, entries in line.sent] == [["a", "b"]]


async def test_nothing_lingers_when_nothing_more_can_come() -> None:
    line = Line()
    line.upstream = False
    line.add("a", "b")
    await line.clock.advance(0)
    assert line.sent == [(0.0, ["a", "b"])]


async def test_a_batch_goes_as_soon_as_the_last_one_upstream_has_ended() -> None:
    line = Line()
    line.add("a", linger_s=60)
    await line.clock.advance(1)
    line.upstream = False
    line.batcher.settle_down()
    await line.clock.advance(0)
    assert line.sent == [(1.0, ["a"])]


async def test_each_entry_hears_its_own_outcome() -> None:
    line = Line()
    line.add("a", "bad", "c")
    await line.clock.advance(2)
    assert [outcome is None for outcome in line.outcomes] == [True, False, True]


@pytest.mark.parametrize(("error", "permanent"), [(Throttled("slow down"), False), (ValueError("a bug"), True)])
async def test_a_call_that_fails_refuses_all_its_entries(error: Exception, permanent: bool) -> None:
    line = Line()
    line.error = error
    line.add("a", "b")
    await line.clock.advance(2)
    assert line.outcomes == [Refused(type(error).__name__, str(error), permanent)] * 2


async def test_a_batch_stays_below_the_limit_of_its_weight() -> None:
    line = Line(limit=6)
    line.add("aaa", "bbb", "c", "dddddddddd", "e")
    await line.clock.advance(2)
    assert [entries for _, entries in line.sent] == [["aaa", "bbb"], ["c"], ["dddddddddd"], ["e"]]
