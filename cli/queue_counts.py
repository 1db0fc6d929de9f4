"""How many messages lie in each queue, as SQS counts them: approximately."""

from __future__ import annotations

import asyncio
from dataclasses import asdict, dataclass

from shared.aws import calling
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
    own = await _attributes(connection, settings.queue(worker))
    dead = await _attributes(connection, settings.dead_letter_queue(worker))
    return QueueCounts(
        worker=worker, waiting=own["ApproximateNumberOfMessages"],
        in_flight=own["ApproximateNumberOfMessagesNotVisible"], delayed=own["ApproximateNumberOfMessagesDelayed"],
        dead=dead["ApproximateNumberOfMessages"] + dead["ApproximateNumberOfMessagesNotVisible"],
    )  # fmt: skip


async def _attributes(connection: Connection, name: str) -> dict[str, int]:
    queue = await connection.queue(name)
    names = ["", "NotVisible", "Delayed"]
    with calling(f"queue {name}"):
        answer = await connection.sqs.send.get_queue_attributes(
            QueueUrl=queue.url, AttributeNames=[f"ApproximateNumberOfMessages{suffix}" for suffix in names]
        )
    return {key: int(value) for key, value in answer["Attributes"].items()}
