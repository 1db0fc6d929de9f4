"""Fan-in: how many of a group's items are done, each counted once however often it is reported.

A transaction records the item and counts it. Of the events whose handlers then find the count complete, one closes the
group: it emits what follows, again if it is delivered again, so that a handler that died before it emitted is repeated
and nobody else repeats it. Counters are sharded by item hash above ``ITEMS_PER_SHARD`` items.
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
    and ``closer`` once it is complete."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def expect(self, group: str, items: int) -> None:
        """Registers the group with its number of items. The first registration stands; repeating it is harmless."""
        await self._table.create({"pk": _pk(group), "sk": "group", "expected": items, "shards": _shards(items)})

    async def record(self, group: str, item: str, outcome: str = "done") -> Progress:
        """Records one item once (the first outcome stands) and returns the progress after it.

        Raises KeyError for a group that is not registered.
        """
        counter = _count_sk(item, await self._shards_of(group))
        await self._table.count_once(_pk(group), f"item#{item}", {"outcome": outcome}, counter)
        return await self.progress(group)

    async def record_all(self, group: str, items: Iterable[str], outcome: str = "done") -> Progress:
        await gathered(self.record(group, item, outcome) for item in items)
        return await self.progress(group)

    async def closes(self, group: str, by: str) -> bool:
        """Whether the group is complete and it is for event ``by`` to emit what follows: for the first that asks."""
        if not (await self.progress(group)).complete:
            return False
        there = await self._table.create({"pk": _pk(group), "sk": "closer", "by": by})
        return there is None or there["by"] == by

    async def record_closes(self, group: str, item: str, outcome: str = "done", *, by: str) -> bool:
        """Records one item as event ``by``; whether that event closes the group."""
        await self.record(group, item, outcome)
        return await self.closes(group, by)

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
