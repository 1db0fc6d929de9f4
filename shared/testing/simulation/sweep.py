"""A run's sweep, as far as queues go: what SQS gave up behind the runtime's back is sent back once."""

from __future__ import annotations

from random import Random

from shared.errors import NotProvisioned
from shared.runtime.backoff import Backoff
from shared.runtime.deadletter import REASON, SWEPT
from shared.runtime.grave import QueueGraveyards
from shared.testing.queue import Entry, FakeQueue
from shared.testing.simulation.world import GARBAGE, World

EVERY_S = 60.0


async def sweeping(world: World) -> None:
    """Until cancelled."""
    names, settings = {}, world.services.settings
    for worker in world.queues:
        names[settings.queue(worker)] = world.queues[worker]
        names[settings.dead_letter_queue(worker)] = world.dead[worker]

    async def open(name: str) -> FakeQueue:
        if name not in names:
            raise NotProvisioned(f"no queue {name}")
        return names[name]

    graveyards = QueueGraveyards(open, settings, world.objects, world.clock, Backoff(Random(0).random))
    while True:
        await world.clock.sleep(EVERY_S)
        for worker, dead in world.dead.items():
            if any(map(crashed, dead.entries.values())):
                world.witness.trace("sweep.sends_back", worker=worker)
                await graveyards.send_back_crashed(worker, lambda event: True)


def crashed(entry: Entry) -> bool:
    """Whether SQS itself moved the message, for the first time. What nobody can read stays there."""
    return not {REASON, SWEPT} & entry.message.attributes.keys() and entry.message.body != GARBAGE
