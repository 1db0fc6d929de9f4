"""A queue under a fake clock that misbehaves as SQS does: visibility that ends, duplicates, partly failing batches,
lost answers, a bound on what is in flight."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import TypeVar

from shared.clock import Clock
from shared.errors import Retryable, Throttled
from shared.runtime.billing import MAX_BYTES
from shared.runtime.message import Message, Outgoing
from shared.runtime.queue import BATCH, MAX_DELAY_S, MAX_VISIBILITY_S, MAX_WAIT_S, Backlog, Outcomes, Refused
from shared.runtime.waiting import set_within

T = TypeVar("T")


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
    """One queue, with ``dead_letters`` as the queue that takes what was received ``max_receive_count`` times.

    ``max_in_flight`` is the quota of messages in flight (120,000 at SQS): a short poll beyond it raises Throttled
    (``OverLimit``), a long poll waits and is given nothing (Amazon SQS developer guide, "Quotas related to queues").
    """

    def __init__(
        self, name: str, clock: Clock, *, max_receive_count: int | None = None,
        dead_letters: FakeQueue | None = None, max_in_flight: int | None = None,
    ) -> None:  # fmt: skip
        self.name = name
        self._clock = clock
        self._max_receive_count = max_receive_count
        self._dead_letters = dead_letters
        self._max_in_flight = max_in_flight
        self._ids = count(1)
        self._watching: dict[asyncio.Event, None] = {}
        self._failures: Counter[str] = Counter()
        self._lost: Counter[str] = Counter()
        self.entries: dict[str, Entry] = {}
        self.calls: Counter[str] = Counter()
        """Of each operation; and ``OverLimit``, as often as the quota stood between a receive and a message."""
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
        self._changed()

    def refuse(self, operation: str, entries: int = 1) -> None:
        """Lets the next entries of an operation (``send``, ``delete``, ``change_visibility``) fail, not permanently.

        0 lets them succeed again.
        """
        self._failures[operation] = self._failures[operation] + entries if entries else 0

    def lose(self, operation: str, answers: int = 1) -> None:
        """Loses the next answers of an operation: it is carried out, and raises Retryable. 0 lets them arrive again.

        What a receive whose answer is lost has handed out stays invisible until its visibility ends.
        """
        self._lost[operation] = self._lost[operation] + answers if answers else 0

    # the port

    async def receive(self, limit: int, wait_s: int, visibility_s: int) -> list[Message]:
        assert 1 <= limit <= BATCH and 0 <= wait_s <= MAX_WAIT_S
        self._begin("receive")
        until = self._clock.now() + wait_s
        await asyncio.sleep(0)
        # looked for and handed out in one step: of two receives that wait, only one may get a message
        while not (found := self._allowed(self._due(limit), wait_s)) and self._clock.now() < until:
            await self._something(until)
        return self._answer("receive", [self._handed_out(entry, visibility_s) for entry in found])

    async def delete(self, receipts: Sequence[str]) -> Outcomes:
        self._begin("delete", receipts)
        await asyncio.sleep(0)
        return self._answer("delete", [self._refused("delete") or self._delete(receipt) for receipt in receipts])

    async def change_visibility(self, changes: Sequence[tuple[str, int]]) -> Outcomes:
        self._begin("change_visibility", changes)
        await asyncio.sleep(0)
        return self._answer(
            "change_visibility", [self._refused("change_visibility") or self._change(*change) for change in changes]
        )

    async def send(self, messages: Sequence[Outgoing]) -> Outcomes:
        self._begin("send", messages)
        assert sum(message.size for message in messages) <= MAX_BYTES
        await asyncio.sleep(0)
        return self._answer("send", [self._refused("send") or self._send(message) for message in messages])

    async def backlog(self) -> Backlog:
        self._begin("backlog")
        await asyncio.sleep(0)
        hidden = len(self.entries) - self.visible - self.in_flight
        return Backlog(self.visible, self.in_flight, hidden)

    def _begin(self, operation: str, entries: Sequence[object] = (None,)) -> None:
        assert 1 <= len(entries) <= BATCH
        self.calls[operation] += 1
        self.before(operation)

    def _answer(self, operation: str, answer: T) -> T:
        if self._lost[operation] > 0:
            self._lost[operation] -= 1
            raise Retryable(f"queue {self.name}: the connection failed, the answer of {operation} is lost")
        return answer

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
        self._changed()
        return entry.id

    def _send(self, message: Outgoing) -> Refused | None:
        assert 0 <= message.delay_s <= MAX_DELAY_S and len(message.attributes) <= 10
        self._add(message)
        return None

    def _due(self, limit: int) -> list[Entry]:
        due = [entry for entry in self.entries.values() if entry.visible_at <= self._clock.now()]
        return [entry for entry in due if not self._redriven(entry)][:limit]

    def _allowed(self, due: list[Entry], wait_s: int) -> list[Entry]:
        """Those of them that the quota lets out."""
        if not due or self._max_in_flight is None or (room := self._max_in_flight - self.in_flight) >= len(due):
            return due
        self.calls["OverLimit"] += 1
        if room <= 0 and wait_s == 0:
            raise Throttled(f"queue {self.name}: throttled (OverLimit)")
        return due[: max(room, 0)]

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
        entry = self.entries.get(receipt.rpartition("/")[0])
        return entry if entry is not None and entry.receipt == receipt else None

    def _delete(self, receipt: str) -> Refused | None:
        entry = self._held(receipt)
        if entry is not None:
            del self.entries[entry.id]
            self._changed()
        return None  # SQS says yes to a stale receipt, too, and deletes nothing

    def _change(self, receipt: str, seconds: int) -> Refused | None:
        entry, now = self._held(receipt), self._clock.now()
        if entry is None or entry.visible_at <= now:
            return Refused("MessageNotInflight", "the message is not in flight", permanent=True)
        if now + seconds > entry.received_at + MAX_VISIBILITY_S:
            return Refused("InvalidParameterValue", "over twelve hours in all", permanent=True)
        entry.visible_at = now + seconds
        self._changed()
        return None

    def _changed(self) -> None:
        for watcher in self._watching:
            watcher.set()

    async def _something(self, until: float) -> None:
        """Returns when a message is sent or becomes visible, or the wait is over."""
        now, changed = self._clock.now(), asyncio.Event()
        visible = [entry.visible_at for entry in self.entries.values() if entry.visible_at > now]
        self._watching[changed] = None
        try:
            await set_within(self._clock, min([until, *visible]) - now, changed)
        finally:
            del self._watching[changed]
