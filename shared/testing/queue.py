"""A queue under a fake clock that misbehaves as SQS does: visibility that ends, duplicates, partly failing batches."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count

from shared.clock import Clock
from shared.runtime.billing import MAX_BYTES
from shared.runtime.message import Message, Outgoing
from shared.runtime.queue import BATCH, MAX_DELAY_S, MAX_VISIBILITY_S, MAX_WAIT_S, Backlog, Outcomes, Refused
from shared.runtime.waiting import first_of


@dataclass
class Entry:
    """A message in the queue. ``receipt`` is the latest receive's; only that one settles it."""

    id: str
    message: Outgoing
    visible_at: float
    sent_at: float
    receives: int = 0
    receipt: str | None = None
    received_at: float = field(default=0.0)


class FakeQueue:
    """One queue, with ``dead_letters`` as the queue that takes what was received ``max_receive_count`` times."""

    def __init__(
        self, name: str, clock: Clock, *, max_receive_count: int | None = None,
        dead_letters: FakeQueue | None = None,
    ) -> None:  # fmt: skip
        self.name = name
        self._clock = clock
        self._max_receive_count = max_receive_count
        self._dead_letters = dead_letters
        self._ids = count(1)
        self._sent = asyncio.Event()
        self._failures: Counter[str] = Counter()
        self.entries: dict[str, Entry] = {}
        self.calls: Counter[str] = Counter()
        self.before: Callable[[str], None] = lambda operation: None
        """Called at the start of every operation with its name; what it raises, the operation raises."""

    # what tests ask and arrange

    @property
    def visible(self) -> int:
        return sum(entry.visible_at <= self._clock.now() for entry in self.entries.values())

    @property
    def in_flight(self) -> int:
        """Received and neither settled nor visible again."""
        now = self._clock.now()
        return sum(entry.visible_at > now and entry.receipt is not None for entry in self.entries.values())

    @property
    def bodies(self) -> list[str]:
        return [entry.message.body for entry in self.entries.values()]

    def put(self, body: str) -> str:
        """A message as if somebody had sent it; returns its id."""
        return self._add(Outgoing(body))

    def duplicate(self, message_id: str) -> str:
        """A second copy of a message, as at-least-once delivery makes them."""
        return self._add(self.entries[message_id].message)

    def expose(self, message_id: str) -> None:
        """Ends a message's visibility timeout now, so that another receive gets it while the first still works."""
        self.entries[message_id].visible_at = self._clock.now()
        self._sent.set()

    def refuse(self, operation: str, entries: int = 1) -> None:
        """Lets the next entries of an operation (``send``, ``delete``, ``change_visibility``) fail, not permanently.

        0 lets them succeed again.
        """
        self._failures[operation] = self._failures[operation] + entries if entries else 0

    # the port

    async def receive(self, limit: int, wait_s: int, visibility_s: int) -> list[Message]:
        assert 1 <= limit <= BATCH and 0 <= wait_s <= MAX_WAIT_S
        self._begin("receive")
        until = self._clock.now() + wait_s
        await asyncio.sleep(0)
        # looked for and handed out in one step: of two receives that wait, only one may get a message
        while not (found := self._due(limit)) and self._clock.now() < until:
            await self._something(until)
        return [self._handed_out(entry, visibility_s) for entry in found]

    async def delete(self, receipts: Sequence[str]) -> Outcomes:
        self._begin("delete", receipts)
        await asyncio.sleep(0)
        return [self._refused("delete") or self._delete(receipt) for receipt in receipts]

    async def change_visibility(self, changes: Sequence[tuple[str, int]]) -> Outcomes:
        self._begin("change_visibility", changes)
        await asyncio.sleep(0)
        return [self._refused("change_visibility") or self._change(*change) for change in changes]

    async def send(self, messages: Sequence[Outgoing]) -> Outcomes:
        self._begin("send", messages)
        assert sum(message.size for message in messages) <= MAX_BYTES
        await asyncio.sleep(0)
        return [self._refused("send") or self._send(message) for message in messages]

    async def backlog(self) -> Backlog:
        self._begin("backlog")
        await asyncio.sleep(0)
        hidden = len(self.entries) - self.visible - self.in_flight
        return Backlog(self.visible, self.in_flight, hidden)

    def _begin(self, operation: str, entries: Sequence[object] = (None,)) -> None:
        assert 1 <= len(entries) <= BATCH
        self.calls[operation] += 1
        self.before(operation)

    def _refused(self, operation: str) -> Refused | None:
        if self._failures[operation] == 0:
            return None
        self._failures[operation] -= 1
        return Refused("InternalError", "told to fail", permanent=False)

    def _add(self, message: Outgoing) -> str:
        now = self._clock.now()
        return self._put(message, now + message.delay_s, now)

    def _put(self, message: Outgoing, visible_at: float, sent_at: float) -> str:
        entry = Entry(f"{self.name}-{next(self._ids)}", message, visible_at, sent_at)
        self.entries[entry.id] = entry
        self._sent.set()
        return entry.id

    def _send(self, message: Outgoing) -> Refused | None:
        assert 0 <= message.delay_s <= MAX_DELAY_S and len(message.attributes) <= 10
        self._add(message)
        return None

    def _due(self, limit: int) -> list[Entry]:
        due = [entry for entry in self.entries.values() if entry.visible_at <= self._clock.now()]
        return [entry for entry in due if not self._redriven(entry)][:limit]

    def _redriven(self, entry: Entry) -> bool:
        if self._max_receive_count is None or entry.receives < self._max_receive_count:
            return False
        del self.entries[entry.id]
        if self._dead_letters is not None:
            self._dead_letters._put(entry.message, self._clock.now(), entry.sent_at)
        return True

    def _handed_out(self, entry: Entry, visibility_s: int) -> Message:
        now = self._clock.now()
        entry.receives += 1
        entry.receipt, entry.received_at = f"{entry.id}/{entry.receives}", now
        entry.visible_at = now + visibility_s
        return Message(
            id=entry.id, receipt=entry.receipt, body=entry.message.body, deadline=entry.visible_at,
            receive_count=entry.receives, attributes=entry.message.attributes, sent_at=entry.sent_at,
            group=entry.message.group,
        )  # fmt: skip

    def _held(self, receipt: str) -> Entry | None:
        return next((entry for entry in self.entries.values() if entry.receipt == receipt), None)

    def _delete(self, receipt: str) -> Refused | None:
        entry = self._held(receipt)
        if entry is not None:
            del self.entries[entry.id]
        return None  # SQS says yes to a stale receipt, too, and deletes nothing

    def _change(self, receipt: str, seconds: int) -> Refused | None:
        entry, now = self._held(receipt), self._clock.now()
        if entry is None or entry.visible_at <= now:
            return Refused("MessageNotInflight", "the message is not in flight", permanent=True)
        if now + seconds > entry.received_at + MAX_VISIBILITY_S:
            return Refused("InvalidParameterValue", "over twelve hours in all", permanent=True)
        entry.visible_at = now + seconds
        self._sent.set()
        return None

    async def _something(self, until: float) -> None:
        """Returns when a message is sent or becomes visible, or the wait is over."""
        self._sent.clear()
        visible = [entry.visible_at for entry in self.entries.values() if entry.visible_at > self._clock.now()]
        await first_of(self._sent.wait(), self._clock.sleep(min([until, *visible]) - self._clock.now()))
