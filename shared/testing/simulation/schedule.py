"""One schedule: the work is submitted, the storm rages, the world calms down, and the promises are checked."""

from __future__ import annotations

import asyncio
import json
from collections import Counter
from collections.abc import Coroutine
from dataclasses import dataclass, field
from typing import Any

from shared.runtime.decode import JOB_STATE
from shared.testing.simulation.checks import drain_all, final
from shared.testing.simulation.log import Trace, silent
from shared.testing.simulation.loop import JumpLoop
from shared.testing.simulation.redrive import redrive
from shared.testing.simulation.scene import Arm
from shared.testing.simulation.storm import Storm
from shared.testing.simulation.sweep import crashed, sweeping
from shared.testing.simulation.wired import WiredQueue
from shared.testing.simulation.world import Wired, World

SUPERVISOR_S = 5.0
"""After which a process that died is replaced, on average."""
LOOK_S = 4.0
"""Between two looks whether all is done."""
BOUND_S = 4 * 3600.0
"""Of calm: by then all work must have come to its end."""


@dataclass(frozen=True)
class Verdict:
    """What became of one schedule; no problems when every promise was kept."""

    seed: int
    problems: list[str]
    fake_s: float = 0.0
    """How long it took in the world's time."""
    seen: Counter[str] = field(default_factory=Counter)
    """How often what happened in it."""

    @property
    def replay(self) -> str:
        return f"python -m shared.testing.simulation --seed {self.seed} --verbose"

    def __str__(self) -> str:
        return "\n".join([f"seed {self.seed} broke {len(self.problems)} promises; {self.replay}", *self.problems])


def simulate(seed: int, trace: Trace = silent, wired: Wired = WiredQueue) -> Verdict:
    """Plays the schedule of one seed from beginning to end, in a loop of its own."""
    loop = JumpLoop()  # type: ignore[abstract]
    verdict = loop.play(_play(seed, trace, wired))
    verdict.problems.extend(f"a callback raised {error!r}" for error in loop.raised)
    return verdict


async def _play(seed: int, trace: Trace, wired: Wired) -> Verdict:
    world = World(seed, trace, wired)
    began = world.clock.now()
    await world.submit()
    background = [*map(asyncio.create_task, [_supervise(world), sweeping(world), *_tellers(world)])]
    try:
        problems = await _all_day(world)
    finally:
        for task in background:
            task.cancel()
        world.end()
    return Verdict(seed, problems, world.clock.now() - began, world.ledger.seen)


async def _all_day(world: World) -> list[str]:
    """Storm and calm; and in some schedules a person then redrives what died, in another storm or none."""
    storm, random = Storm(world), world.random
    await storm.rage(world.rates.storm_s)
    if not await _idle(world):
        return [*world.ledger.violations, f"work is left after {BOUND_S / 3600:.0f} hours: {', '.join(_left(world))}"]
    if random.random() < 0.5:
        await redrive(world)
        if random.random() < 0.5:
            await storm.rage(world.rates.storm_s / 3)
        if not await _idle(world):
            return [*world.ledger.violations, f"work is left after a redrive: {', '.join(_left(world))}"]
    world.closed = True
    await drain_all(world)
    return await final(world)


async def _idle(world: World) -> bool:
    """Whether all queues are empty in the end: nothing goes wrong any more."""
    world.witness.trace("storm.over")
    end = world.clock.now() + BOUND_S
    while (left := _left(world)) and world.clock.now() < end:
        await world.clock.sleep(LOOK_S)
    return not left


def _left(world: World) -> list[str]:
    """What must still come to its end."""
    unswept = [entry.id for dead in world.dead.values() for entry in dead.entries.values() if crashed(entry)]
    return [entry for queue in world.queues.values() for entry in queue.entries] + unswept


async def _supervise(world: World) -> None:
    """Keeps as many processes of each kind as there are to be."""
    while not world.closed:
        for crew, number in world.crews.items():
            for _ in range(number - len(world.serving(crew))):
                world.start(crew)
        await world.clock.sleep(world.random.uniform(0, 2 * SUPERVISOR_S))


def _tellers(world: World) -> list[Coroutine[Any, Any, None]]:
    return [_tell(world, arm) for arm in world.scene.arms.values() if arm.told]


async def _tell(world: World, arm: Arm) -> None:
    """EventBridge tells of the end of an arm's job, perhaps more than once."""
    while not arm.job_done(world.clock.now()):
        await world.clock.sleep(2)
    detail = {"jobArn": f"arn:{arm.job}", "jobName": arm.job, "jobStatus": "Completed"}
    for _ in range(arm.told):
        world.queues["launcher"].put(json.dumps({"detail-type": JOB_STATE, "source": "aws.bedrock", "detail": detail}))
        await world.clock.sleep(world.random.uniform(0, 10))
