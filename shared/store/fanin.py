"""Fan-in: how many of a group's items are done, each counted once however often it is reported.

A transaction records the item, with the event that reported it, and counts it. Of the events whose handlers then find
the count complete, the first that asks closes the group: it emits what follows, again if it is delivered again, so that
a handler that died before it emitted is repeated. Other events that only tell of an item once more emit nothing.

The first alone is not enough. It may be a handler that runs on after another delivery has finished its event: what it
emits is dropped. Hence whoever finds the count complete and its own item in it closes the group as well. The event of
the last item cannot be finished before it does. What follows must therefore bear the same ids whoever emits it.

Counters are sharded by item hash above ``ITEMS_PER_SHARD`` items.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from zlib import crc32

from shared.concurrency import gathered
from shared.store.ports import Table

ITEMS_PER_SHARD = 2_000


@dataclass(frozen=True)
class Progress:
    """How far a group is. An unregistered group has ``expected`` None and is never complete."""

    done: int
    expected: int | None

    @property
    def complete(self) -> bool:
        return self.expected is not None and self.done >= self.expected


class FanIn:
    """Groups of expected items, in the partition ``fanin#<group>``: ``group``, ``count#<shard>``, ``item#<item>``,
    and ``closer`` once somebody has asked who is to close it."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def expect(self, group: str, items: int) -> None:
        """Registers the group with its number of items. The first registration stands; repeating it is harmless."""
        await self._table.create({"pk": _pk(group), "sk": "group", "expected": items, "shards": _shards(items)})

    async def record(self, group: str, item: str, outcome: str = "done", *, by: str | None = None) -> Progress:
        """Records one item once (the first outcome stands), as event ``by``, and returns the progress after it.

        Raises KeyError for a group that is not registered.
        """
        counter = _count_sk(item, await self._shards_of(group))
        await self._table.count_once(_pk(group), f"item#{item}", {"outcome": outcome, "by": by}, counter)
        return await self.progress(group)

    async def record_all(self, group: str, items: Iterable[str], outcome: str = "done") -> Progress:
        await gathered(self.record(group, item, outcome) for item in items)
        return await self.progress(group)

    async def closes(self, group: str, by: str) -> bool:
        """Whether the group is complete and event ``by`` is the first that asks."""
        return (await self.progress(group)).complete and await self._first(group, by)

    async def record_closes(self, group: str, item: str, outcome: str = "done", *, by: str) -> bool:
        """Records one item as event ``by``; whether that event closes the group."""
        if not (await self.record(group, item, outcome, by=by)).complete:
            return False
        if await self._first(group, by):
            return True
        recorded = await self._table.get(_pk(group), f"item#{item}")
        return recorded is not None and recorded.get("by") == by

    async def missing(self, group: str, items: Iterable[str]) -> list[str]:
        """Those of ``items`` that are not recorded yet, in their order."""
        done = await self.outcomes(group)
        return [item for item in items if item not in done]

    async def take_back(self, group: str, items: Iterable[str]) -> list[str]:
        """Lets items be reported anew and returns those that had been; the group can be closed again.

        Items before closer: a crash in between leaves a group that only a sweep closes, never one closed too early.
        """
        if (await self.progress(group)).expected is None:
            return []
        shards = await self._shards_of(group)
        taken = [
            item
            for item in items
            if await self._table.uncount_once(_pk(group), f"item#{item}", _count_sk(item, shards))
        ]
        await self._table.delete(_pk(group), "closer")
        return taken

    async def progress(self, group: str) -> Progress:
        entry = await self._table.get(_pk(group), "group")
        counts = await self._table.query(_pk(group), "count#")
        done = sum(int(count["done"]) for count in counts)
        return Progress(done=done, expected=None if entry is None else int(entry["expected"]))

    async def outcomes(self, group: str) -> dict[str, str]:
        """Outcome by item, for the items recorded so far."""
        items = await self._table.query(_pk(group), "item#")
        return {str(item["sk"]).removeprefix("item#"): str(item["outcome"]) for item in items}

    async def _first(self, group: str, by: str) -> bool:
        there = await self._table.create({"pk": _pk(group), "sk": "closer", "by": by})
        return there is None or there["by"] == by

    async def _shards_of(self, group: str) -> int:
        entry = await self._table.get(_pk(group), "group")
        if entry is None:
            raise KeyError(f"fan-in group {group} is not registered")
        return int(entry["shards"])


def _pk(group: str) -> str:
    return f"fanin#{group}"


def _count_sk(item: str, shards: int) -> str:
    return f"count#{crc32(item.encode()) % shards:04d}"


def _shards(items: int) -> int:
    return max(1, -(-items // ITEMS_PER_SHARD))
