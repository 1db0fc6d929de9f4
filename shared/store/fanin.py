"""Fan-in: how many of a group's items are done, each counted once however often it is reported.

A transaction records the item and counts it. Whoever then finds the count complete emits the group's closing event;
that event is named by what it says, so that two finders are harmless and no finder is impossible.
Counters are sharded by item hash above ``ITEMS_PER_SHARD`` items.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from zlib import crc32

from shared.store.ports import Table

ITEMS_PER_SHARD = 2_000


@dataclass(frozen=True)
class Progress:
    """How far a group is. An unregistered group has ``expected`` None and is never complete.

    ``mine``: the item just recorded was recorded by this event, now or in an earlier delivery of it.
    """

    done: int
    expected: int | None
    mine: bool = True

    @property
    def complete(self) -> bool:
        return self.expected is not None and self.done >= self.expected

    @property
    def closing(self) -> bool:
        """Complete, and it is this event's part to say so: a repeat of somebody else's item says nothing."""
        return self.complete and self.mine


class FanIn:
    """Groups of expected items: partition ``fanin#<group>`` holds ``group``, ``count#<shard>`` and ``item#<item>``."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def expect(self, group: str, items: int) -> None:
        """Registers the group with its number of items. The first registration stands; repeating it is harmless."""
        await self._table.create({"pk": _pk(group), "sk": "group", "expected": items, "shards": _shards(items)})

    async def record(self, group: str, item: str, outcome: str = "done", *, by: str = "") -> Progress:
        """Records one item once (the first outcome stands) and returns the progress after it.

        ``by`` is the id of the event that reports the item. Raises KeyError for a group that is not registered.
        """
        shards = await self._shards_of(group)
        entry = {"outcome": outcome, "by": by}
        counter = f"count#{crc32(item.encode()) % shards:04d}"
        mine = await self._table.count_once(_pk(group), f"item#{item}", entry, counter)
        if not mine:
            there = await self._table.get(_pk(group), f"item#{item}")
            mine = there is not None and there["by"] == by
        return replace(await self.progress(group), mine=mine)

    async def record_all(self, group: str, items: Iterable[str], outcome: str = "done") -> Progress:
        for item in items:
            await self.record(group, item, outcome)
        return await self.progress(group)

    async def progress(self, group: str) -> Progress:
        entry = await self._table.get(_pk(group), "group")
        counts = await self._table.query(_pk(group), "count#")
        done = sum(int(count["done"]) for count in counts)
        return Progress(done=done, expected=None if entry is None else int(entry["expected"]))

    async def outcomes(self, group: str) -> dict[str, str]:
        """Outcome by item, for the items recorded so far."""
        items = await self._table.query(_pk(group), "item#")
        return {str(item["sk"]).removeprefix("item#"): str(item["outcome"]) for item in items}

    async def _shards_of(self, group: str) -> int:
        entry = await self._table.get(_pk(group), "group")
        if entry is None:
            raise KeyError(f"fan-in group {group} is not registered")
        return int(entry["shards"])


def _pk(group: str) -> str:
    return f"fanin#{group}"


def _shards(items: int) -> int:
    return max(1, -(-items // ITEMS_PER_SHARD))
