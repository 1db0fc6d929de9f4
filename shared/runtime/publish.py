"""Publishing from outside of a handler: the command line that submits a run, a test that pushes an event."""

from __future__ import annotations

import random
import uuid

from shared.runtime.backoff import Backoff
from shared.runtime.connection import Connection, gather_queues
from shared.runtime.outbox import Outbox
from shared.runtime.worker import Emitted
from shared.topology import Topology


async def publish(connection: Connection, topology: Topology, events: Emitted, *, source: str) -> list[str]:
    """Sends events to whoever consumes them and returns their ids; ``source`` names the sender (``cli``)."""
    names = {queue.worker: connection.settings.queue(queue.worker) for queue in topology.queues}
    queues = await gather_queues(connection, names)
    outbox = Outbox(
        source, topology, queues, connection.bus, connection.objects, connection.clock, Backoff(random.random)
    )
    prepared = outbox.prepare(str(uuid.uuid4()), events)
    await outbox.publish(prepared)
    return [event.envelope.id for event in prepared]
