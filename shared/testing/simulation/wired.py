"""The surroundings of one process as it reaches them, over its wire: queues, bus and table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from schemas.envelope import Envelope
from shared.runtime.bus import Bus
from shared.runtime.message import Message, Outgoing
from shared.runtime.queue import Backlog, Outcomes, QueueClient
from shared.store.ports import ONE_DONE, Addition, Item, Table
from shared.testing.simulation.wire import Wire, batch

T = TypeVar("T")


class WiredQueue:
    """A queue as one process reaches it. ``renews``: it is the client that renews, and does nothing else."""

    renews = False

    def __init__(self, queue: QueueClient, wire: Wire) -> None:
        self.name = queue.name
        self._queue = queue
        self._wire = wire

    async def receive(self, limit: int, wait_s: int, visibility_s: int) -> list[Message]:
        process = self._wire.process
        deadline = process.clock.now() + visibility_s  # counted from before it was asked for, as the client of SQS does

        async def act() -> list[Message]:
            received = await self._queue.receive(limit, wait_s, visibility_s)
            self._wire.witness.handed_out(process, [message.receipt for message in received])
            return received

        return [replace(message, deadline=deadline) for message in await self._wire.call(self._named("receive"), act)]

    async def delete(self, receipts: Sequence[str]) -> Outcomes:
        async def act(some: Sequence[str]) -> Outcomes:
            self._wire.witness.deleted(self._wire.process, some)
            return await self._queue.delete(some)

        failing = self._wire.hazards.undeleted(len(receipts))
        return await batch(self._wire, self._named("delete"), receipts, act, failing)

    async def change_visibility(self, changes: Sequence[tuple[str, int]]) -> Outcomes:
        async def act(some: Sequence[tuple[str, int]]) -> Outcomes:
            receipts = [receipt for receipt, _ in some]
            if self.renews:
                self._wire.witness.renewed(self._wire.process, receipts)
            else:
                self._wire.witness.given_back(self._wire.process, receipts)
            return await self._queue.change_visibility(some)

        failing = self._wire.hazards.partly(len(changes))
        return await batch(self._wire, self._named("change_visibility"), changes, act, failing)

    async def send(self, messages: Sequence[Outgoing]) -> Outcomes:
        failing = self._wire.hazards.partly(len(messages))
        return await batch(self._wire, self._named("send"), messages, self._queue.send, failing)

    async def backlog(self) -> Backlog:
        return await self._wire.call(self._named("backlog"), self._queue.backlog)

    def _named(self, operation: str) -> str:
        return f"{operation} at {self.name}"


class WiredBus:
    """The event bus as one process reaches it."""

    def __init__(self, bus: Bus, wire: Wire) -> None:
        self._bus = bus
        self._wire = wire

    async def put(self, envelopes: Sequence[Envelope]) -> Outcomes:
        failing = self._wire.hazards.partly(len(envelopes))
        return await batch(self._wire, "put at the bus", envelopes, self._bus.put, failing)


class WiredTable:
    """The table as one process reaches it, through a client that repeats; a token makes transactions repeatable."""

    def __init__(self, table: Table, wire: Wire) -> None:
        self._table = table
        self._wire = wire

    async def get(self, pk: str, sk: str) -> Item | None:
        return await self._call("get", lambda: self._table.get(pk, sk))

    async def query(self, pk: str, prefix: str = "") -> list[Item]:
        return await self._call("query", lambda: self._table.query(pk, prefix))

    async def put(self, item: Item) -> None:
        await self._call("put", lambda: self._table.put(item))

    async def create(self, item: Item) -> Item | None:
        return await self._call("create", lambda: self._table.create(item))

    async def replace(self, item: Item, *, expected: Mapping[str, Any]) -> bool:
        return await self._call("replace", lambda: self._table.replace(item, expected=expected))

    async def update(
        self, pk: str, sk: str, values: Mapping[str, Any], *, expected: Mapping[str, Any] | None = None
    ) -> bool:
        return await self._call("update", lambda: self._table.update(pk, sk, values, expected=expected))

    async def delete(self, pk: str, sk: str) -> None:
        await self._call("delete", lambda: self._table.delete(pk, sk))

    async def add(
        self, pk: str, sk: str, amounts: Mapping[str, int], *, at_most: Mapping[str, int] | None = None,
        at_least: Mapping[str, int] | None = None,
    ) -> Addition:  # fmt: skip
        return await self._wire.call(
            "add", lambda: self._table.add(pk, sk, amounts, at_most=at_most, at_least=at_least)
        )

    async def count_once(
        self, pk: str, sk: str, item: Item, counter_sk: str, *, amounts: Mapping[str, int] = ONE_DONE,
        at_most: Mapping[str, int] | None = None,
    ) -> bool:  # fmt: skip
        return await self._wire.call(
            "count_once", lambda: self._table.count_once(pk, sk, item, counter_sk, amounts=amounts, at_most=at_most)
        )

    async def uncount_once(self, pk: str, sk: str, counter_sk: str, *, amounts: Mapping[str, int] = ONE_DONE) -> bool:
        return await self._wire.call(
            "uncount_once", lambda: self._table.uncount_once(pk, sk, counter_sk, amounts=amounts)
        )

    async def _call(self, what: str, act: Callable[[], Awaitable[T]]) -> T:
        return await self._wire.call(what, act, repeated=True)
