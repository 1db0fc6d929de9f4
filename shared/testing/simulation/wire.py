"""The wire between a process and its surroundings: calls take time, fail, or lose their answers."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from shared.errors import Retryable
from shared.runtime.message import Message, Outgoing
from shared.runtime.queue import Backlog, Outcomes, QueueClient, Refused
from shared.store.ports import Item, Table
from shared.testing.simulation.hazards import Fault, Hazards
from shared.testing.simulation.process import Process

T = TypeVar("T")
E = TypeVar("E")

Tell = Callable[..., None]


class Wire:
    """Carries the calls of one process."""

    def __init__(self, process: Process, hazards: Hazards, tell: Tell) -> None:
        self.process = process
        self.hazards = hazards
        self._tell = tell

    async def call(self, what: str, act: Callable[[], Awaitable[T]]) -> T:
        """The result of ``act``, unless something comes between."""
        process, fault = self.process, self.hazards.fault()
        await self._way()
        if fault is not Fault.NONE:
            self._tell("call", process=process.name, what=what, fault=fault.value)
        if fault is Fault.KILL_BEFORE:
            process.kill()
            await process.going()
        if fault is Fault.ERROR:
            raise self.hazards.error(what)
        result = await act()
        if fault is Fault.KILL_AFTER:
            process.kill()
        await self._way()
        if fault is Fault.LOST:
            raise Retryable(f"{what}: the answer was lost")
        return result

    async def _way(self) -> None:
        if (seconds := self.hazards.latency_s()) > 0:
            await self.process.clock.sleep(seconds)
        else:
            await self.process.going()


class WiredQueue:
    """A queue as one process reaches it."""

    def __init__(self, queue: QueueClient, wire: Wire) -> None:
        self.name = queue.name
        self._queue = queue
        self._wire = wire

    async def receive(self, limit: int, wait_s: int, visibility_s: int) -> list[Message]:
        process = self._wire.process
        deadline = process.clock.now() + visibility_s  # counted from before it was asked for, as the client of SQS does

        async def act() -> list[Message]:
            received = await self._queue.receive(limit, wait_s, visibility_s)
            process.receipts.update(message.receipt for message in received)
            return received

        return [replace(message, deadline=deadline) for message in await self._wire.call(self._named("receive"), act)]

    async def delete(self, receipts: Sequence[str]) -> Outcomes:
        return await self._batch("delete", receipts, self._queue.delete)

    async def change_visibility(self, changes: Sequence[tuple[str, int]]) -> Outcomes:
        return await self._batch("change_visibility", changes, self._queue.change_visibility)

    async def send(self, messages: Sequence[Outgoing]) -> Outcomes:
        return await self._batch("send", messages, self._queue.send)

    async def backlog(self) -> Backlog:
        return await self._wire.call(self._named("backlog"), self._queue.backlog)

    def _named(self, operation: str) -> str:
        return f"{operation} at {self.name}"

    async def _batch(
        self, operation: str, entries: Sequence[E], act: Callable[[Sequence[E]], Awaitable[Outcomes]]
    ) -> Outcomes:
        """Some entries are reported as failed; of those, some were carried out."""
        hazards = self._wire.hazards
        failing = {number for number in range(len(entries)) if hazards.partial()}
        done = [number for number in range(len(entries)) if number not in failing or hazards.took_effect()]

        async def some() -> Outcomes:
            return await act([entries[number] for number in done]) if done else []

        outcomes = dict(zip(done, await self._wire.call(self._named(operation), some), strict=True))
        failed = Refused("InternalError", "the adversary says so", permanent=False)
        return [failed if number in failing else outcomes[number] for number in range(len(entries))]


class WiredTable:
    """The table as one process reaches it."""

    def __init__(self, table: Table, wire: Wire) -> None:
        self._table = table
        self._wire = wire

    async def get(self, pk: str, sk: str) -> Item | None:
        return await self._wire.call("get", lambda: self._table.get(pk, sk))

    async def query(self, pk: str, prefix: str = "") -> list[Item]:
        return await self._wire.call("query", lambda: self._table.query(pk, prefix))

    async def put(self, item: Item) -> None:
        await self._wire.call("put", lambda: self._table.put(item))

    async def create(self, item: Item) -> Item | None:
        return await self._wire.call("create", lambda: self._table.create(item))

    async def replace(self, item: Item, *, expected: Mapping[str, Any]) -> bool:
        return await self._wire.call("replace", lambda: self._table.replace(item, expected=expected))

    async def update(
        self, pk: str, sk: str, values: Mapping[str, Any], *, expected: Mapping[str, Any] | None = None
    ) -> bool:
        return await self._wire.call("update", lambda: self._table.update(pk, sk, values, expected=expected))

    async def delete(self, pk: str, sk: str) -> None:
        await self._wire.call("delete", lambda: self._table.delete(pk, sk))

    async def count_once(self, pk: str, sk: str, item: Item, counter_sk: str) -> bool:
        return await self._wire.call("count_once", lambda: self._table.count_once(pk, sk, item, counter_sk))

    async def uncount_once(self, pk: str, sk: str, counter_sk: str) -> bool:
        return await self._wire.call("uncount_once", lambda: self._table.uncount_once(pk, sk, counter_sk))
