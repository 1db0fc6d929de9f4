"""A kill -9 between any two steps ends, after the redelivery, in the same state as no kill."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest

from schemas.event import Event
from shared.errors import Poison
from shared.runtime.worker import Context, Emitted
from tests.unit.shared.runtime.world import World

STEPS = ["claim", "handle", "complete", "send", "announce", "delete"]


class Kill:
    """Lets one step of the first process never return: the process stands still there and is then dropped."""

    def __init__(self) -> None:
        self.happened = asyncio.Event()

    def at(self, owner: Any, method: str, *, after: bool) -> None:
        """Replaces a method by one that stops the first caller for good, before or after its work."""
        original: Callable[..., Any] = getattr(owner, method)

        async def killed(*args: Any, **kwargs: Any) -> Any:
            if self.happened.is_set():
                return await original(*args, **kwargs)
            if after:
                await original(*args, **kwargs)
            self.happened.set()
            await asyncio.get_running_loop().create_future()

        setattr(owner, method, killed)


def _place(world: World, step: str) -> tuple[Any, str]:
    return {
        "claim": (world.store, "claim"), "handle": (world, "handler"), "complete": (world.store, "complete"),
        "send": (world.queues["scorer"], "send"), "announce": (world.bus, "put"), "delete": (world.queue, "delete"),
        "failed": (world, "failed"), "fail": (world.store, "fail"), "bury": (world.dead, "send"),
        "follow": (world.queues["finetune-launcher"], "send"), "note": (world.store, "dead_lettered"),
    }[step]  # fmt: skip


async def _die_then_live(world: World, step: str, after: bool) -> None:
    kill = Kill()
    owner, method = _place(world, step)
    kill.at(owner, method, after=after)
    world.push()
    process = asyncio.ensure_future(world.consumer().run(asyncio.Event()))
    await world.clock.advance(10)
    assert kill.happened.is_set()
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:  # a killed process does nothing any more, not even clean up
        task.cancel()
    await asyncio.gather(process, *tasks, return_exceptions=True)
    await world.live(600)


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", STEPS)
async def test_a_kill_around_any_step_loses_nothing_and_has_its_effects_once(step: str, after: bool) -> None:
    world = World()
    await _die_then_live(world, step, after)
    assert len(world.scored()) == 1 and len(world.announced()) == 1
    assert world.queue.entries == {} and world.dead.entries == {}
    assert await world.status() == "completed"


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", ["failed", "fail", "bury", "follow", "note", "delete"])
async def test_a_kill_while_an_event_is_given_up_still_buries_it_and_tells_what_follows(step: str, after: bool) -> None:
    async def poisoned(event: Event, context: Context) -> Emitted:
        raise Poison("bad")

    world = World(handler=poisoned)
    await _die_then_live(world, step, after)
    assert len({body for body in world.dead.bodies}) == 1
    assert len(world.queues["finetune-launcher"].entries) >= 1
    assert world.queue.entries == {} and await world.status() == "failed"


async def test_an_event_that_kills_every_process_is_given_up() -> None:
    async def deadly(event: Event, context: Context) -> Emitted:
        await asyncio.get_running_loop().create_future()
        return []

    world = World(handler=deadly)
    world.push()
    for _ in range(4):
        process = asyncio.ensure_future(world.consumer().run(asyncio.Event()))
        await world.clock.advance(10)
        tasks = asyncio.all_tasks() - {asyncio.current_task()}
        for task in tasks:
            task.cancel()
        await asyncio.gather(process, *tasks, return_exceptions=True)
        await world.clock.advance(40)
    assert [attempt for _, attempt in world.handled] == [1, 2, 3, 4]
    await world.live(100)
    assert len(world.handled) == 4
    assert world.failures == ["given up after 4 attempts; the last: the process died while it was handled"]
    assert len(world.dead.entries) == 1 and world.queue.entries == {}
