"""The promises of the runtime, as they must hold for every schedule.

- nothing is lost: every item ends with its effect, or is in a dead-letter queue with a reason
- every effect happens exactly once, and each event's results are stored once (judged at once, in the ledger)
- no two live leases run one event (in the ledger)
- a complete fan-in has emitted its closing event
- every receive is settled, given back, or runs out; what a gentle drain leaves is visible at once
- a drain, and the whole schedule, ends in bounded time
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterator

from schemas.event import Event
from schemas.events import DatasetReady, JobPollDue, ModelReady
from shared.runtime.deadletter import REASON
from shared.runtime.decode import Decoded, decode
from shared.store.fanin import FanIn
from shared.testing.simulation.process import Process
from shared.testing.simulation.scene import Arm
from shared.testing.simulation.world import GARBAGE, GRACE_S, WAIT_S, World

DRAIN_S = GRACE_S + WAIT_S + 12
"""A gentle drain's time: the grace, or the long poll under way, and the aftermath."""
FAULTY_DRAIN_S = DRAIN_S + 600
"""The same when settling fails again and again, or the process stands still in between."""


async def drained(world: World, process: Process, *, impatient: bool = False) -> None:
    """Drains a process and judges how it ended."""
    began = world.clock.now()
    if impatient:
        process.now.set()
    if not await world.drain(process):
        return
    took = world.clock.now() - began
    if took > (DRAIN_S if world.rates.gentle else FAULTY_DRAIN_S):
        world.ledger.broken(f"{process.name} took {took:.0f} s to drain")
    if world.rates.gentle:
        left = [entry.id for entry in world.queues[process.worker].entries.values()
                if entry.receipt in process.receipts and entry.visible_at > world.clock.now()]  # fmt: skip
        if left:
            world.ledger.broken(f"{process.name} drained and left {', '.join(left)} invisible")


async def drain_all(world: World) -> None:
    """The end of the day: what still runs drains."""
    alive = [process for process in world.processes if world.alive(process)]
    await asyncio.gather(*(drained(world, process) for process in alive))


async def final(world: World) -> list[str]:
    """Every broken promise, once all queues are empty."""
    effects, letters = world.ledger.effects("scorer"), _letters(world)
    found = [*world.ledger.violations, *world.crashed(), *_unreasoned(world)]
    found += [f"{count} effects of {event!r}" for event, count in effects.items() if count > 1]
    for arm in world.scene.arms.values():
        excuses = {event.type for event in letters if getattr(event, "arm", None) == arm.name}
        upstream = not excuses.isdisjoint({DatasetReady.type, JobPollDue.type, ModelReady.type})
        for shard in range(len(arm.fates)):
            done = arm.predictions(shard)
            if done not in effects and not upstream and letters.isdisjoint({done, arm.shard_due(shard)}):
                found.append(f"lost: {done!r} has neither an effect nor a dead letter")
        if await _closed(world, arm) and arm.closing not in effects and arm.closing not in letters:
            found.append(f"lost: the fan-in of {arm.name} is complete, but its closing event has no effect")
    return found


async def _closed(world: World, arm: Arm) -> bool:
    return (await FanIn(world.table).progress(arm.group)).complete


def _letters(world: World) -> set[Event]:
    bodies = [body for graveyard in world.dead.values() for body in graveyard.bodies if body != GARBAGE]
    return {item.event for body in bodies for item in decode(body) if isinstance(item, Decoded)}


def _unreasoned(world: World) -> Iterator[str]:
    """A letter without a reason was given up by the queue itself, behind the runtime's back."""
    for worker, graveyard in world.dead.items():
        for entry in graveyard.entries.values():
            if REASON not in entry.message.attributes:
                yield f"a message died in the queue of {worker} without a reason: {entry.message.body[:200]}"
    if GARBAGE not in world.dead["inference"].bodies:
        yield "lost: the message that is no JSON is in no dead-letter queue"
