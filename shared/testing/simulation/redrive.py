"""A person mends the bugs and sends the dead letters back, in the order in which ``groundtune dlq redrive`` does it:
letters of an ended run become its next revision, a running run keeps what it has counted as failed.

Nobody revises while a handler still runs. One that a frozen process resumes later may report an item after it was
taken back, and close the fan-in for nobody: the run's sweep, which is not played here, would close it again.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas.event import Event
from schemas.events import DatasetReady
from shared.revisions import REVISABLE, revisable, revise
from shared.runtime.deadletter import ADDED
from shared.runtime.decode import Decoded, decode
from shared.runtime.message import Outgoing
from shared.testing.queue import Entry
from shared.testing.simulation.scene import RUN
from shared.testing.simulation.world import World, enveloped


@dataclass(frozen=True)
class Letter:
    """One message of a dead-letter queue that holds an event."""

    worker: str
    entry: Entry
    id: str
    event: Event


async def redrive(world: World) -> None:
    """Every letter about an event, once."""
    world.scene.mended = True
    missing: list[Letter] = []
    for letter in letters(world):
        if not isinstance(letter.event, REVISABLE):
            await _send_back(world, letter)
        elif revisable(await world.record()):
            missing.append(letter)
        elif not await world.store.given_up(letter.id, letter.worker):
            await _send_back(world, letter)
    if missing:
        await _revise(world, missing)


def letters(world: World) -> list[Letter]:
    """All dead letters that hold an event."""
    return [
        Letter(worker, entry, item.id, item.event)
        for worker, graveyard in world.dead.items()
        for entry in graveyard.entries.values()
        for item in decode(entry.message.body)
        if isinstance(item, Decoded)
    ]


async def _send_back(world: World, letter: Letter) -> None:
    """Its record is forgotten first, and it is deleted last."""
    world.witness.trace("person.redrives", worker=letter.worker, event_id=letter.id)
    message = letter.entry.message
    await world.store.forget(letter.id, letter.worker)
    kept = {name: value for name, value in message.attributes.items() if name not in ADDED}
    await world.queues[letter.worker].send([Outgoing(message.body, kept)])
    _delete(world, letter)


async def _revise(world: World, missing: list[Letter]) -> None:
    if world.ledger.handles:
        return
    record = await world.record()
    events = await revise(world.services, record, [letter.event for letter in missing])
    if not events:
        return
    world.witness.trace("person.revises", run=RUN, revision=record.revision + 1, letters=len(missing))
    for event in events:
        consumer = world.topology.consumer_of(event.type)
        assert consumer is not None
        world.queues[consumer.worker].put(enveloped(event))
        if isinstance(event, DatasetReady):
            world.opened[event.arm] = event.revision
    for letter in missing:
        world.taken_back.add(letter.event)
        _delete(world, letter)


def _delete(world: World, letter: Letter) -> None:
    world.dead[letter.worker].entries.pop(letter.entry.id, None)
