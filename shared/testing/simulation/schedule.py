"""One schedule: the work is submitted, the storm rages, the world calms down, and the promises are checked."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from typing import Any

from shared.runtime.decode import JOB_STATE
from shared.runtime.queue import QueueClient
from shared.testing.queue import FakeQueue
from shared.testing.simulation.checks import drain_all, final
from shared.testing.simulation.log import Trace, silent
from shared.testing.simulation.loop import JumpLoop
from shared.testing.simulation.redrive import redrive
from shared.testing.simulation.scene import Arm
from shared.testing.simulation.storm import Storm
from shared.testing.simulation.wire import Wire, WiredQueue
from shared.testing.simulation.world import World

SUPERVISOR_S = 5.0
"""After which a process that died is replaced."""
BOUND_S = 4 * 3600.0
"""Of calm: by then all work must have come to its end."""

Wired = Callable[[FakeQueue, Wire], QueueClient]


@dataclass(frozen=True)
class Verdict:
    """What became of one schedule; no problems when every promise was kept."""

    seed: int
    problems: list[str]
    fake_s: float
    """How long it took in the world's time."""

    @property
    def replay(self) -> str:
        return f"python -m shared.testing.simulation --seed {self.seed} --verbose"

    def __str__(self) -> str:
        return "\n".join([f"seed {self.seed} broke {len(self.problems)} promises; {self.replay}", *self.problems])


def simulate(seed: int, trace: Trace = silent, wired: Wired = WiredQueue) -> Verdict:
    """Plays the schedule of one seed from beginning to end, in a loop of its own."""
    with asyncio.Runner(loop_factory=JumpLoop) as runner:
        runner.get_loop().set_exception_handler(lambda loop, context: None)
        return runner.run(_play(World(seed, trace, wired), seed))


async def _play(world: World, seed: int) -> Verdict:
    began = world.clock.now()
    background = [asyncio.create_task(_supervise(world)), *map(asyncio.create_task, _tellers(world))]
    try:
        await Storm(world).rage()
        problems = await _calm(world)
    finally:
        for task in background:
            task.cancel()
        world.end()
    return Verdict(seed, problems, world.clock.now() - began)


async def _calm(world: World) -> list[str]:
    """Nothing goes wrong any more, and whoever was left out is redriven at last in some schedules."""
    world.trace("storm.over")
    if not await _idle(world):
        return [*world.ledger.violations, f"work is left after {BOUND_S / 3600:.0f} hours: {_left(world)}"]
    if world.random.random() < 0.5:
        await redrive(world)
        if not await _idle(world):
            return [*world.ledger.violations, f"work is left after a redrive: {_left(world)}"]
    await drain_all(world)
    return await final(world)


async def _idle(world: World) -> bool:
    end = world.clock.now() + BOUND_S
    while not world.idle and world.clock.now() < end:
        await world.clock.sleep(10)
    return world.idle


def _left(world: World) -> str:
    return ", ".join(entry.id for queue in world.queues.values() for entry in queue.entries.values())


async def _supervise(world: World) -> None:
    """Keeps as many processes of each worker as there are to be."""
    wanted = {queue.worker: world.random.choice([1, 1, 2]) for queue in world.topology.queues}
    world.submit()
    while True:
        for worker, number in wanted.items():
            for _ in range(number - len(world.serving(worker))):
                world.start(worker)
        await world.clock.sleep(world.random.uniform(0, 2 * SUPERVISOR_S))


def _tellers(world: World) -> list[Coroutine[Any, Any, None]]:
    return [_tell(world, arm) for arm in world.scene.arms.values() if arm.told]


async def _tell(world: World, arm: Arm) -> None:
    """EventBridge tells of the end of an arm's job, perhaps more than once."""
    while not arm.job_done(world.clock.now()):
        await world.clock.sleep(5)
    detail = {"jobArn": f"arn:{arm.job}", "jobName": arm.job, "jobStatus": "Completed"}
    for _ in range(arm.told):
        world.queues["launcher"].put(json.dumps({"detail-type": JOB_STATE, "source": "aws.bedrock", "detail": detail}))
        await world.clock.sleep(world.random.uniform(0, 30))
