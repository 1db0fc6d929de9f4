"""How many messages lie in each queue, as SQS counts them: approximately."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass

from shared.runtime.connection import Connection
from shared.topology import Topology


@dataclass(frozen=True)
class QueueCounts:
    """Messages of one worker's queue: waiting, being worked on, not due yet; and those given up."""

    worker: str
    waiting: int
    in_flight: int
    delayed: int
    dead: int

    def as_dict(self) -> dict[str, str | int]:
        return asdict(self)


async def count_queues(connection: Connection, topology: Topology) -> list[QueueCounts]:
    """Counts of every queue, in the topology's order. Raises NotProvisioned naming a queue that is missing."""
    return list(await asyncio.gather(*(_count(connection, queue.worker) for queue in topology.queues)))


async def _count(connection: Connection, worker: str) -> QueueCounts:
    settings = connection.settings
    own = await (await connection.queue(settings.queue(worker))).backlog()
    dead = await (await connection.queue(settings.dead_letter_queue(worker))).backlog()
    return QueueCounts(
        worker=worker, waiting=own.visible, in_flight=own.in_flight, delayed=own.delayed,
        dead=dead.visible + dead.in_flight,
    )  # fmt: skip
