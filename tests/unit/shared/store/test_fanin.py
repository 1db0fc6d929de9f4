from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.store.fanin import ITEMS_PER_SHARD, FanIn
from shared.testing import MemoryTable


async def test_an_item_counts_once_and_its_first_outcome_stands() -> None:
    fanin = FanIn(MemoryTable())
    await fanin.expect("g", 2)
    assert not (await fanin.record("g", "a", "done")).complete
    assert not (await fanin.record("g", "a", "failed")).complete
    assert (await fanin.record("g", "b", "failed")).complete
    assert await fanin.outcomes("g") == {"a": "done", "b": "failed"}


async def test_the_first_registration_stands() -> None:
    fanin = FanIn(MemoryTable())
    await fanin.expect("g", 1)
    await fanin.expect("g", 5)
    assert (await fanin.record("g", "a")).complete


async def test_recording_in_an_unregistered_group_is_an_error() -> None:
    with pytest.raises(KeyError, match="nobody"):
        await FanIn(MemoryTable()).record("nobody", "a")


async def test_counters_of_a_big_group_are_sharded() -> None:
    table = MemoryTable()
    fanin = FanIn(table)
    await fanin.expect("g", ITEMS_PER_SHARD * 2 + 1)
    for n in range(50):
        await fanin.record("g", f"item-{n}")
    assert len(await table.query("fanin#g", "count#")) == 3
    assert (await fanin.progress("g")).done == 50


@given(st.permutations([f"{n % 6}" for n in range(18)]))
def test_in_any_order_and_with_repeats_the_last_finder_sees_it_complete(items: list[str]) -> None:
    async def play() -> None:
        fanin = FanIn(MemoryTable())
        await fanin.expect("g", 6)
        found = await asyncio.gather(*(fanin.record("g", item) for item in items))
        assert any(progress.complete for progress in found)
        assert (await fanin.progress("g")).done == 6

    asyncio.run(play())


async def test_one_event_closes_a_group_and_does_so_again_when_it_is_delivered_again() -> None:
    fanin = FanIn(MemoryTable())
    await fanin.expect("g", 4)
    found = await asyncio.gather(*(fanin.record_closes("g", f"item-{n}", by=f"event-{n}") for n in range(4)))
    assert sum(found) == 1
    (closer,) = [n for n, closes in enumerate(found) if closes]
    assert await fanin.record_closes("g", f"item-{closer}", by=f"event-{closer}")
    assert not await fanin.record_closes("g", "item-0", by="somebody else")
    assert not await fanin.closes("unregistered", "event-1")


async def test_a_handler_that_runs_on_after_its_event_was_finished_takes_nobodys_closing() -> None:
    fanin = FanIn(MemoryTable())
    await fanin.expect("g", 2)
    assert not await fanin.record_closes("g", "a", by="A")  # this delivery of A is finished, and stored without closing
    assert (await fanin.record("g", "b", by="B")).complete
    await fanin.record_closes("g", "a", by="A")  # an older one runs on; what it emits is dropped
    assert await fanin.record_closes("g", "b", by="B")


async def test_who_reports_an_item_that_another_has_reported_closes_only_as_the_first_that_asks() -> None:
    fanin = FanIn(MemoryTable())
    await fanin.expect("g", 1)
    await fanin.record("g", "a")
    assert await fanin.record_closes("g", "a", by="first")
    assert not await fanin.record_closes("g", "a", by="second")
    assert await fanin.record_closes("g", "a", by="first")


async def test_an_item_that_was_taken_back_is_missing_and_its_group_closes_again() -> None:
    fanin = FanIn(MemoryTable())
    await fanin.expect("g", 3)
    await fanin.record_all("g", ["a", "b"])
    assert await fanin.record_closes("g", "c", "failed", by="first")
    assert await fanin.take_back("g", ["c", "never reported"]) == ["c"]
    assert await fanin.missing("g", ["a", "b", "c"]) == ["c"]
    assert not await fanin.closes("g", "second")
    assert await fanin.record_closes("g", "c", by="second")
    assert not await fanin.closes("g", "first")


async def test_nothing_is_taken_back_of_a_group_that_nobody_expects() -> None:
    assert await FanIn(MemoryTable()).take_back("g", ["a"]) == []
