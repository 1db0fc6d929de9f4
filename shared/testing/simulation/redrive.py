"""A person mends the bugs and sends the dead letters back, in the order in which ``groundtune dlq redrive`` does it."""

from __future__ import annotations

from shared.runtime.deadletter import EVENT
from shared.runtime.message import Outgoing
from shared.testing.simulation.world import World


async def redrive(world: World) -> None:
    """Every letter about an event: its record is forgotten first, and it is deleted last."""
    world.scene.mended = True
    store = world.store()
    for worker, graveyard in world.dead.items():
        for entry in list(graveyard.entries.values()):
            event = entry.message.attributes.get(EVENT)
            if event is None:
                continue
            world.trace("person.redrives", worker=worker, event_id=event.value)
            await store.forget(event.value, worker)
            await world.queues[worker].send([Outgoing(entry.message.body)])
            graveyard.entries.pop(entry.id, None)
