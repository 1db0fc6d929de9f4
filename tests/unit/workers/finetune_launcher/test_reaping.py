from __future__ import annotations

import json

import pytest

from cli.reap import row, summary
from schemas.events import ArmPredicted
from shared.bedrock.ports import Bedrock
from shared.bedrock.tags import tags
from shared.errors import Poison
from shared.store import keys
from shared.testing.bedrock import FakeBedrock
from shared.testing.services import memory_services
from tests.unit.workers.driving import context
from tests.unit.workers.finetune_launcher.battered import ARM, Battered
from workers.finetune_launcher.reaping import Reaped, leftovers, reap, why_it_goes
from workers.finetune_launcher.worker import FinetuneLauncher

HOUR = 3_600
RUN = "run-1"


@pytest.mark.parametrize(
    ("status", "age_h", "why"),
    [
        ("running", 23, None),
        ("requested", 24, None),
        ("running", 25, "older than 24 h"),
        ("completed_with_failures", 0, "its run is completed with failures"),
        ("cancelled", 0, "its run is cancelled"),
        (None, 0, "its run is unknown"),
    ],
)
def test_what_no_run_needs_goes(status: str | None, age_h: float, why: str | None) -> None:
    assert why_it_goes(status, age_h * HOUR, 24) == why


async def abandoned(bedrock: FakeBedrock) -> Battered:
    """A run whose launcher died for good as soon as something served its model."""
    battered = Battered(bedrock=bedrock)
    await battered.put(RUN)
    while not bedrock.deployments:
        id, event = battered.waiting.pop(0)
        produced = await FinetuneLauncher(battered.services).handle(event, context(id))
        battered.publish(id, produced)
    battered.waiting.clear()
    return battered


async def test_what_a_dead_worker_left_is_listed_while_its_run_lives_and_goes_when_it_has_ended() -> None:
    battered = await abandoned(FakeBedrock())
    (stays,) = await leftovers(battered.kind, now=HOUR)
    assert (stays.run, stays.arm, stays.run_status, stays.why) == (RUN, ARM.slug, "running", None)
    assert row(stays)[4:] == ("1.0 h", "by the token", "running", "stays")
    await battered.kind.runs.advance(RUN, "cancelled")
    (goes,) = await leftovers(battered.kind, now=HOUR)
    assert await reap(battered.kind, goes) == await reap(battered.kind, goes) == Reaped(goes)
    assert not battered.bedrock.deployments and await leftovers(battered.kind, now=HOUR) == []
    record = await battered.kind.runs.arm(RUN, ARM.slug)
    assert record is not None and record.torn_down


async def test_a_running_job_of_a_run_that_nobody_knows_is_stopped_and_other_peoples_are_left_alone() -> None:
    bedrock = FakeBedrock()
    battered = Battered(bedrock=bedrock)
    stack = battered.kind.settings.name
    for name, marks in {"ours": tags(stack, "r", "a"), "theirs": {"team": "x"}, "other": tags("dev", "r", "a")}.items():
        await bedrock.create_job(name=name, token="t", model_name=name, base_model="local.reader-v1", tags=marks,
                                 training_uri="s3://b/t", output_uri="s3://b/o", hyperparameters={})  # fmt: skip
    (found,) = await leftovers(battered.kind, now=0)
    assert (found.holding.name, found.why) == ("ours", "its run is unknown")
    await reap(battered.kind, found)
    assert [job.status for job in bedrock.jobs.values()] == ["Stopped", "InProgress", "InProgress"]


async def test_provisioned_throughput_says_what_its_hours_cost_where_that_is_known() -> None:
    battered = Battered()
    marks = tags(battered.kind.settings.name, RUN, "a")
    await battered.bedrock.create_deployment(name="n", token="t", model="m", tags=marks, deploys="provisioned")
    await battered.put(RUN)
    (free,) = await leftovers(battered.kind, now=30 * HOUR)
    assert (free.usd_hour, free.why, row(free)[5]) == (0.0, "older than 24 h", "$0.00")
    table = {"models": {"local.*": {"usd_hosting_hour": 21.5}}}
    await battered.objects.put(keys.MODELS, json.dumps(table).encode())
    fresh = memory_services(bedrock=battered.bedrock, table=battered.table, objects=battered.objects)
    assert row((await leftovers(fresh, now=0))[0])[5] == "$21.50"


async def test_what_bedrock_does_not_remove_is_told_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    battered = await abandoned(FakeBedrock())
    await battered.kind.runs.advance(RUN, "failed")

    async def refuse(self: Bedrock, arn: str) -> None:
        raise Poison("AccessDenied")

    monkeypatch.setattr(FakeBedrock, "delete_deployment", refuse)
    listed = await leftovers(battered.kind, now=0)
    removed = [await reap(battered.kind, leftover) for leftover in listed]
    assert [each.error for each in removed] == ["AccessDenied"]
    assert summary(listed, removed, dry_run=False) == "1 found; 0 removed, 0 left because a run needs them."
    assert summary(listed, [], dry_run=True).startswith("1 found; 1 would be removed.")


async def test_a_teardown_that_comes_before_the_record_finds_what_was_made_by_its_name() -> None:
    battered = await abandoned(FakeBedrock())
    await battered.kind.runs.set_arm(RUN, ARM.slug, deployment=None, job=None, model=None)
    await battered.kind.runs.advance(RUN, "cancelled")
    await FinetuneLauncher(battered.kind).handle(ArmPredicted(run=RUN, arm=ARM.slug), context())
    assert not battered.bedrock.deployments
