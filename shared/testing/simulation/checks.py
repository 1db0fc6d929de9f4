"""The promises of the runtime, as they must hold for every schedule.

- nothing is lost: every shard ends with its effect, or is in a dead-letter queue with a reason; what the queue itself
  gives up there is sent back once
- every effect happens exactly once, and each event's results are stored once (judged at once, in the ledger)
- no two live leases run one event, and nothing begins in a process that is throttled (in the ledger)
- a complete fan-in has emitted its closing event, one of its own each time that it was opened again
- a run always ends
- as long as calls succeed within their time and nobody interferes, no lease is lost (in the world)
- every receive is settled, given back, or runs out; a gentle drain has settled all that its process was handed
- a drain, and the whole schedule, ends in bounded time
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator

from schemas.envelope import Envelope
from schemas.event import Event
from schemas.events import (
    ArmPredicted,
    ComparisonDue,
    DatasetReady,
    InferenceShardDue,
    JobPollDue,
    ModelReady,
    PredictionsReady,
    RunScored,
)
from schemas.state import ENDED
from shared.runs import shards_group
from shared.runtime.deadletter import REASON
from shared.runtime.queue import MAX_WAIT_S
from shared.testing.simulation.process import Process
from shared.testing.simulation.redrive import letters
from shared.testing.simulation.scene import RUN, Arm
from shared.testing.simulation.staff import GRACE_S
from shared.testing.simulation.world import GARBAGE, World

DRAIN_S = GRACE_S + MAX_WAIT_S + 12
"""A gentle drain's time: the grace, or the long poll under way, and the aftermath."""
FAULTY_DRAIN_S = DRAIN_S + 600
"""The same when settling fails again and again, or the process stands still in between."""


async def drained(world: World, process: Process, *, impatient: bool = False) -> None:
    """Drains a process and judges how it ended."""
    began = world.clock.now()
    if impatient:
        world.ledger.saw("process.second_signal")
        process.now.set()
    if not await world.drain(process):
        return
    took = world.clock.now() - began
    if took > (DRAIN_S if world.rates.gentle else FAULTY_DRAIN_S):
        world.ledger.broken(f"{process.name} took {took:.0f} s to drain")
    if world.rates.gentle:
        left = [entry.id for worker in process.workers for entry in world.queues[worker].entries.values()
                if entry.receipt in process.unsettled and entry.visible_at > world.clock.now()]  # fmt: skip
        if left:
            world.ledger.broken(f"{process.name} drained and left {', '.join(left)} invisible")


async def drain_all(world: World) -> None:
    """The end of the day: what still runs drains."""
    alive = [process for process in world.processes if world.alive(process)]
    await asyncio.gather(*(drained(world, process) for process in alive))


async def final(world: World) -> list[str]:
    """Every broken promise, once all queues are empty."""
    dead, untold = {letter.event for letter in letters(world)}, await _untold(world)
    effects = world.ledger.effects("scorer")
    found = [*world.ledger.violations, *world.crashed()]
    found += [f"{count} effects of {event!r}" for event, count in effects.items() if count > 1]
    if GARBAGE not in world.dead["inference"].bodies:
        found.append("lost: the message that is no JSON is in no dead-letter queue")
    for arm in world.scene.arms.values():
        found += _lost_shards(world, arm, effects, dead)
        if not any(getattr(event, "arm", None) == arm.name for event in untold):
            found += await _unclosed(world, arm, effects, dead)
    return found + await _unended(world, effects, dead, told=not untold)


async def _untold(world: World) -> list[Event]:
    """Those whose worker's ``failed`` never came to an end either, or that the queue itself gave up twice: then it is
    for a run's sweep to close what waits for them."""
    found: list[Event] = []
    for letter in letters(world):
        attempts = await world.attempts(letter.worker, letter.id)
        swept = REASON not in letter.entry.message.attributes
        if swept or attempts > 2 * world.topology.queue(letter.worker).max_attempts:
            found.append(letter.event)
    return found


def _lost_shards(world: World, arm: Arm, effects: Counter[Event], dead: set[Event]) -> Iterator[str]:
    """Shards without an effect in any revision, of an arm that did not die as a whole."""
    if any(isinstance(event, DatasetReady | JobPollDue | ModelReady) and event.arm == arm.name for event in dead):
        return
    ended = {
        event.shard
        for event in [*effects, *dead]
        if isinstance(event, InferenceShardDue | PredictionsReady) and event.arm == arm.name
    }
    for shard in range(world.scene.shards):
        if shard not in ended:
            yield f"lost: shard {shard} of {arm.name} has neither an effect nor a dead letter"


async def _unclosed(world: World, arm: Arm, effects: Counter[Event], dead: set[Event]) -> list[str]:
    closing = ArmPredicted(run=RUN, revision=world.opened[arm.name], arm=arm.name)
    complete = (await world.services.fanin.progress(shards_group(RUN, arm.name))).complete
    if not complete or closing in effects or closing in dead:
        return []
    return [f"lost: the fan-in of {arm.name} is complete, but {closing!r} has no effect"]


async def _unended(world: World, effects: Counter[Event], dead: set[Event], *, told: bool) -> list[str]:
    """Revisions of the run that did not come to their end, once each."""
    record = await world.record()
    if record.status not in ENDED:
        return [f"lost: revision {record.revision} of the run never ended"] if told else []
    announced = {event.revision for event in map(Envelope.event, world.bus.envelopes) if isinstance(event, RunScored)}
    # an earlier end may have come before its announcement, and the next revision before its event was handled again
    found = [] if record.revision in announced else ["lost: the run ended, and nobody was told"]
    due = [ComparisonDue(run=RUN, revision=number) for number in range(record.revision + 1)]
    excused = dead | world.taken_back | effects.keys()
    return found + [f"lost: {event!r} has no effect" for event in due if event not in excused]
