"""Whatever kills the launcher, wherever: one job per arm, and nothing left on Bedrock at the end."""

from __future__ import annotations

import random
from collections.abc import Coroutine
from itertools import count
from typing import Any

import pytest

from shared.testing.bedrock import FakeBedrock
from tests.unit.workers.finetune_launcher.battered import ARM, PROVISIONED, Battered, Fate, Fault

FAULTS = [Fault.THROTTLED, Fault.KILLED_BEFORE, Fault.KILLED_AFTER]
JOB = "model-customization-job"


def at(call: int, fault: Fault) -> tuple[Fate, list[int]]:
    """A fate that strikes the one call of this number; and how many calls there were."""
    seen = [0]

    def fate() -> Fault:
        seen[0] += 1
        return fault if seen[0] == call + 1 else Fault.NONE

    return fate, seen


async def driven(call: int, fault: Fault, cancelled_at: int | None) -> tuple[Battered, int]:
    fate, seen = at(call, fault)
    battered = Battered(fate=fate)
    await battered.put("run-1")

    def between(delivery: int) -> Coroutine[Any, Any, None] | None:
        return battered.cancel("run-1") if delivery == cancelled_at else None

    await battered.drive(between)
    return battered, seen[0]


@pytest.mark.parametrize("cancelled_at", [None, 1, 2, 3, 4])
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_launcher_that_is_struck_at_any_call_makes_one_job_and_leaves_nothing(
    fault: Fault, cancelled_at: int | None
) -> None:
    calls, call = 1, 0
    while call < calls:
        battered, calls = await driven(call, fault, cancelled_at)
        assert len(battered.made(JOB)) == 1 or (cancelled_at is not None and not battered.made(JOB)), call
        assert len(battered.made("custom-model-deployment")) <= 1, call
        assert not battered.running and not battered.bedrock.deployments, call
        assert bool(battered.ready) or cancelled_at is not None, call
        if cancelled_at is None:
            (charge,) = await battered.charges("run-1")
            assert (charge.kind, charge.part) == ("training", f"arm/{ARM.slug}"), call
        call += 1
    assert calls > 20


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_launcher_that_is_struck_at_any_call_pays_for_one_job_and_one_hosting(fault: Fault) -> None:
    calls, call = 1, 0
    while call < calls:
        fate, seen = at(call, fault)
        battered = Battered(fate=fate)
        await battered.put("run-1", models=PROVISIONED, examples=100)
        await battered.drive()
        calls = seen[0]
        assert len(battered.made("provisioned-model")) == 1 and not battered.bedrock.deployments, call
        charges = await battered.charges("run-1")
        assert [charge.kind for charge in charges] == ["training", "hosting"], call
        call += 1
    assert calls > 20


@pytest.mark.parametrize("dies_after", [None, 1, 2, 3])
async def test_a_launcher_that_is_overtaken_by_the_teardown_at_any_call_leaves_nothing(dies_after: int | None) -> None:
    call = 0
    while await overtaken(call, dies_after):
        call += 1
    assert call > 10


async def overtaken(call: int, dies_after: int | None) -> bool:
    """Whether the call of this number was made at all."""
    fates = {call: Fault.OVERTAKEN} | ({call + dies_after: Fault.KILLED_BEFORE} if dies_after else {})
    seen = count()
    battered = Battered(fate=lambda: fates.get(next(seen), Fault.NONE))
    await battered.put("run-1")
    await battered.drive()
    assert not battered.running and not battered.bedrock.deployments, call
    return next(seen) > call


async def test_a_thousand_launches_with_duplicates_kills_and_throttles_make_a_job_each_and_leave_nothing() -> None:
    rng = random.Random(6)
    weights = [0.94, 0.02, 0.02, 0.02]
    battered = Battered(
        fate=lambda: rng.choices([Fault.NONE, *FAULTS], weights)[0],
        rng=rng,
        repeats=0.2,
        lost=0.1,
        bedrock=FakeBedrock(looks=2),
    )
    runs = [f"run-{number}" for number in range(100)]
    arms = [(run, arm) for run in runs for arm in await battered.put(run, arms=10)]
    cancelled = {rng.randrange(9_000): run for run in runs[::4]}

    def between(delivery: int) -> Coroutine[Any, Any, None] | None:
        return battered.cancel(cancelled.pop(delivery)) if delivery in cancelled else None

    await battered.drive(between)
    jobs, deployments = battered.made(JOB), battered.made("custom-model-deployment")
    assert len(arms) == 1_000
    assert len(jobs) == len(set(jobs)) and 900 < len(jobs) <= 1_000
    assert len(deployments) == len(set(deployments))
    assert not battered.bedrock.deployments and not battered.running
    untouched = {run for run in runs if run not in runs[::4]}
    assert [len(await battered.charges(run)) for run in sorted(untouched)] == [10] * 75
    assert {(event.run, event.arm) for event in battered.ready} >= {(r, a) for r, a in arms if r in untouched}
