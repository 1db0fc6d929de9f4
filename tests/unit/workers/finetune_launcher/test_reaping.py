from __future__ import annotations

import pytest

from cli.reap import row, summary
from schemas.events import ArmPredicted
from shared.bedrock.holdings import Holding, HoldingKind
from shared.bedrock.ports import Bedrock
from shared.bedrock.tags import tags
from shared.errors import Poison
from shared.testing.batches import FakeBatches
from shared.testing.bedrock import FakeBedrock
from shared.testing.services import memory_services
from tests.unit.workers.driving import context
from tests.unit.workers.finetune_launcher.battered import ARM, Battered
from workers.finetune_launcher.reaping import Limits, Reaped, leftovers, reap, why_it_goes
from workers.finetune_launcher.worker import FinetuneLauncher

HOUR = 3_600
RUN = "run-1"


@pytest.mark.parametrize(
    ("kind", "status", "age_h", "why"),
    [
        ("deployment", "running", 23, None),
        ("deployment", "requested", 24, None),
        ("provisioned throughput", "running", 25, "older than 24 h"),
        ("deployment", "completed_with_failures", 0, "its run is completed with failures"),
        ("deployment", None, 0, "its run is unknown"),
        ("customization job", "running", 25, None),
        ("customization job", "cancelled", 0, "its run is cancelled"),
        ("batch inference job", "running", 1_000, None),
        ("batch inference job", None, 0, "its run is unknown"),
        ("custom model", None, 1_000, None),
        ("custom model", "failed", 1_000, None),
    ],
)
def test_what_no_run_needs_goes_but_never_a_job_of_a_run_at_work(
    kind: HoldingKind, status: str | None, age_h: float, why: str | None
) -> None:
    assert why_it_goes(kind, status, age_h * HOUR, Limits()) == why


@pytest.mark.parametrize(("status", "goes"), [("running", False), ("completed", True), (None, True)])
def test_a_custom_model_goes_only_when_that_is_asked_for_and_its_run_has_ended(status: str | None, goes: bool) -> None:
    assert (why_it_goes("custom model", status, 1_000 * HOUR, Limits(models=True)) is not None) == goes


async def abandoned(bedrock: FakeBedrock) -> Battered:
    """A run whose launcher died for good as soon as something served its model."""
    battered = Battered(bedrock=bedrock)
    await battered.put(RUN)
    while not bedrock.deployments:
        id, event = battered.waiting.pop(0)
        produced = await FinetuneLauncher(battered.services).handle(event, context(id))
        battered.publish(id, produced)
    battered.waiting.clear()
    (arn,) = bedrock.deployments
    while (await bedrock.get_deployment(arn)).status == "Creating":
        pass
    return battered


async def test_what_a_dead_worker_left_is_listed_while_its_run_lives_and_goes_when_it_has_ended() -> None:
    battered = await abandoned(FakeBedrock())
    stays, model = await leftovers(battered.kind, now=HOUR)
    assert (stays.run, stays.arm, stays.run_status, stays.why) == (RUN, ARM.slug, "running", None)
    assert row(stays)[4:] == (
        "1.0 h",
        "by the token",
        f"stays: its run is running; `groundtune runs cancel {RUN}` ends it",
    )
    assert (row(model)[0], row(model)[5:]) == (
        "custom model",
        ("$0.0000", f"stays: its run is running; `groundtune runs cancel {RUN}` ends it"),
    )
    await battered.kind.runs.advance(RUN, "cancelled")
    goes, kept = await leftovers(battered.kind, now=HOUR)
    assert row(goes)[6] == "removed: its run is cancelled"
    assert row(kept)[6] == "stays: what training paid for; --models removes it"
    assert await reap(battered.kind, goes, HOUR) == await reap(battered.kind, goes, HOUR) == Reaped(goes)
    assert not battered.bedrock.deployments and await leftovers(battered.kind, now=HOUR) == [kept]
    (model,) = await leftovers(battered.kind, HOUR, Limits(models=True))
    await reap(battered.kind, model, HOUR)
    assert not battered.bedrock.models and await leftovers(battered.kind, now=HOUR) == []
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
    await reap(battered.kind, found, 0)
    assert [job.status for job in bedrock.jobs.values()] == ["Stopped", "InProgress", "InProgress"]


async def test_a_batch_job_of_a_run_that_nobody_knows_is_stopped() -> None:
    battered = Battered()
    batches = FakeBatches(battered.objects, battered.bedrock)
    marks = tags(battered.kind.settings.name, "gone")
    arn = await batches.create(name="b", token="t", model="m", input_uri="s3://b/i", output_uri="s3://b/o", tags=marks)
    battered.bedrock.others.append(Holding(arn, "batch inference job", "b", 0.0, "local.teacher-v1", 0, marks))
    services = memory_services(bedrock=battered.bedrock, objects=battered.objects, batches=batches)
    (found,) = await leftovers(services, now=2 * HOUR)
    stopped = ("batch inference job", "b", "gone", "all", "2.0 h", "by the token", "stopped: its run is unknown")
    assert row(found) == stopped
    await reap(services, found, 2 * HOUR)
    assert batches.batches[arn].status == "Stopped"


async def test_provisioned_throughput_says_what_its_hours_cost_and_enters_them_when_it_goes() -> None:
    battered = Battered()
    marks = tags(battered.kind.settings.name, RUN, ARM.slug)
    await battered.bedrock.create_deployment(name="n", token="t", model="m", tags=marks, deploys="provisioned")
    unpriced = memory_services(bedrock=battered.bedrock, table=battered.table)
    assert [row(each)[5] for each in await leftovers(unpriced, now=0)] == ["$0.00"]  # a local model is free
    await battered.put(RUN)
    (found,) = await leftovers(battered.kind, now=30 * HOUR)
    assert (found.why, row(found)[5:]) == ("older than 24 h", ("$20.00", "removed: older than 24 h"))
    for _ in range(2):
        await reap(battered.kind, found, 30 * HOUR)
    (charge,) = await battered.charges(RUN)
    assert (charge.kind, charge.amount, charge.usd) == ("hosting", 30.0, 600.0)


async def test_what_bedrock_does_not_remove_is_told_and_counted(monkeypatch: pytest.MonkeyPatch) -> None:
    battered = await abandoned(FakeBedrock())
    await battered.kind.runs.advance(RUN, "failed")

    async def refuse(self: Bedrock, arn: str) -> None:
        raise Poison("AccessDenied")

    monkeypatch.setattr(FakeBedrock, "delete_deployment", refuse)
    listed = await leftovers(battered.kind, now=0)
    removed = [await reap(battered.kind, leftover, 0) for leftover in listed if leftover.why]
    assert [each.error for each in removed] == ["AccessDenied"]
    assert summary(listed, removed, dry_run=False) == "2 found; 0 removed, 1 stay."
    assert summary(listed, [], dry_run=True).startswith("2 found; 1 would be removed.")


async def test_a_teardown_that_comes_before_the_record_finds_what_was_made_by_its_name() -> None:
    battered = await abandoned(FakeBedrock())
    await battered.kind.runs.set_arm(RUN, ARM.slug, deployment=None, job=None, model=None)
    await battered.kind.runs.advance(RUN, "cancelled")
    await FinetuneLauncher(battered.kind).handle(ArmPredicted(run=RUN, arm=ARM.slug), context())
    assert not battered.bedrock.deployments
