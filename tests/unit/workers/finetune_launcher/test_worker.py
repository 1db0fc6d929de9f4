from __future__ import annotations

import dataclasses
import random
from typing import Any

import pytest

from schemas.events import (
    ArmPredicted,
    ComparisonDue,
    DatasetReady,
    JobPollDue,
    JobStateChanged,
    ModelReady,
)
from schemas.state import ArmRecord, RunRecord
from shared.bedrock.families import require_family
from shared.bedrock.ports import ModelCard
from shared.runs import scores_group
from shared.services import Services
from shared.store import keys
from shared.testing.bedrock import FakeBedrock
from shared.testing.services import memory_services
from tests.unit.shared.datasets.rows import lines, rows
from tests.unit.workers import world
from tests.unit.workers.driving import Pipeline, context
from tests.unit.workers.finetune_launcher.battered import MODELS, Battered
from workers.finetune_launcher import checking
from workers.finetune_launcher.names import job_name
from workers.finetune_launcher.worker import FinetuneLauncher

ARM = world.experiment().arms[2]


async def prepared(bedrock: FakeBedrock, body: bytes = lines(rows("converse", 10)), **changes: Any) -> Services:
    services = memory_services(bedrock=bedrock)
    await world.put_run(services, **changes)
    await services.artifacts.write_bytes(keys.dataset(world.RUN, ARM.slug), body, "application/x-ndjson")
    await services.runs.create(RunRecord(run=world.RUN, name="demo", corpus=world.CORPUS, created=1, updated=1))
    await services.runs.advance(world.RUN, "running", shards=1, arms=[ARM.slug])
    await services.runs.put_arm(ArmRecord(run=world.RUN, arm=ARM.slug, name=ARM.name))
    await services.fanin.expect(scores_group(world.RUN), 1)
    return services


async def status(services: Services) -> ArmRecord:
    record = await services.runs.arm(world.RUN, ARM.slug)
    assert record is not None
    return record


@pytest.mark.parametrize("looks", range(4))
@pytest.mark.parametrize("twice", [False, True])
async def test_a_dataset_becomes_a_deployed_model_by_one_job(twice: bool, looks: int) -> None:
    bedrock = FakeBedrock(looks=looks)
    services = await prepared(bedrock)
    driven = Pipeline([FinetuneLauncher(services)], random.Random(1), twice)
    await driven.run(DatasetReady(run=world.RUN, arm=ARM.slug, examples=10))
    (ready,) = [event for event in driven.emitted if isinstance(event, ModelReady)]
    assert len(bedrock.jobs) == len(bedrock.deployments) == 1
    assert ready.model in bedrock.deployments
    (started,) = bedrock.started.values()
    assert started["training_uri"].endswith(f"runs/{world.RUN}/datasets/{ARM.slug}/train.jsonl")
    assert started["tags"] == {
        "groundtune:stack": "groundtune", "groundtune:run": world.RUN, "groundtune:arm": ARM.slug,
    }  # fmt: skip


async def test_an_arm_without_training_passes_through_with_its_base_model() -> None:
    bedrock = FakeBedrock()
    services = await prepared(bedrock)
    emitted = await FinetuneLauncher(services).handle(DatasetReady(run=world.RUN, arm=ARM.slug), context())
    assert emitted == [ModelReady(run=world.RUN, arm=ARM.slug, model="local.reader-v1")]
    assert not bedrock.jobs


async def test_a_profile_is_asked_as_it_is_and_the_model_behind_it_is_fine_tuned() -> None:
    bedrock, profile = FakeBedrock(), "us.amazon.nova-lite-v1:0"
    services = await prepared(bedrock)
    await world.put_run(services, models={"student": profile, "teacher": "local.teacher-v1"})
    launcher = FinetuneLauncher(services)
    (ready,) = await launcher.handle(DatasetReady(run=world.RUN, arm=world.experiment().arms[0].slug), context())
    assert isinstance(ready, ModelReady) and ready.model == profile
    await launcher.handle(DatasetReady(run=world.RUN, arm=ARM.slug, examples=10), context())
    (started,) = bedrock.started.values()
    assert started["base_model"] == "amazon.nova-lite-v1:0"


async def test_when_an_arm_is_predicted_its_deployment_is_removed_however_often_it_is_said() -> None:
    bedrock = FakeBedrock()
    services = await prepared(bedrock)
    driven = Pipeline([FinetuneLauncher(services)], twice=True)
    await driven.run(DatasetReady(run=world.RUN, arm=ARM.slug, examples=10))
    await driven.run(ArmPredicted(run=world.RUN, arm=ARM.slug))
    assert not bedrock.deployments
    assert (await status(services)).torn_down


@pytest.mark.parametrize("looks", range(3))
@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize(
    ("ends", "reason"),
    [
        ({"job_ends": "Failed"}, "customization job Failed: the script says so"),
        ({"job_ends": "Stopped"}, "customization job Stopped"),
        ({"deployment_ends": "Failed"}, "deployment failed: the script says so"),
    ],
)
async def test_a_job_or_deployment_that_fails_ends_its_arm_and_not_the_run(
    ends: dict[str, Any], reason: str, twice: bool, looks: int
) -> None:
    bedrock = FakeBedrock(looks=looks, **ends)
    services = await prepared(bedrock)
    driven = Pipeline([FinetuneLauncher(services)], twice=twice)
    await driven.run(DatasetReady(run=world.RUN, arm=ARM.slug, examples=10))
    record = await status(services)
    assert record.status == "failed" and (record.reason or "").startswith(reason)
    assert ComparisonDue(run=world.RUN) in driven.emitted
    assert not bedrock.deployments
    (failure,) = await services.runs.failures(world.RUN)
    assert failure.item == "ft"


async def test_bedrocks_own_event_is_a_shortcut_and_other_peoples_jobs_are_none_of_ours() -> None:
    bedrock = FakeBedrock(looks=0)
    services = await prepared(bedrock)
    launcher = FinetuneLauncher(services)
    await launcher.handle(DatasetReady(run=world.RUN, arm=ARM.slug, examples=10), context())
    (arn,) = bedrock.jobs
    name = job_name(world.RUN, ARM.slug)
    await launcher.handle(JobStateChanged(job_arn=arn, job_name=name, status="Completed"), context())
    assert (await status(services)).status == "deploying"
    other = JobStateChanged(job_arn="arn:other", job_name="somebody-elses", status="Completed")
    assert await launcher.handle(other, context()) == []


async def test_a_cancelled_run_stops_its_job_and_is_polled_no_more() -> None:
    bedrock = FakeBedrock(looks=100)
    services = await prepared(bedrock)
    launcher = FinetuneLauncher(services)
    await launcher.handle(DatasetReady(run=world.RUN, arm=ARM.slug, examples=10), context())
    await services.runs.advance(world.RUN, "cancelled")
    assert await launcher.handle(JobPollDue(run=world.RUN, arm=ARM.slug), context()) == []
    assert [job.status for job in bedrock.jobs.values()] == ["Stopped"]


async def test_an_event_that_was_given_up_fails_its_arm() -> None:
    services = await prepared(FakeBedrock())
    event = DatasetReady(run=world.RUN, arm=ARM.slug, examples=10)
    emitted = await FinetuneLauncher(services).failed(event, "no permission", context())
    assert ComparisonDue(run=world.RUN) in emitted
    assert (await status(services)).reason == "no permission"


NOVA = {"student": "amazon.nova-lite-v1:0:300k", "teacher": "local.teacher-v1"}


@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize(
    ("models", "body", "words"),
    [
        (NOVA, lines(rows("converse", 7)), ("1 error ", "line 7: ", "add 1 more")),
        (NOVA, lines(rows("claude", 10)), ("line 1: the file is in the format Claude 3 messages",)),
        (NOVA, lines(rows("converse", 9)) + b"{}\nUser:\n[]\n\n", ("5 errors", "line 10: ", "line 11: ", "and 2 more")),
        ({**NOVA, "student": "openai.gpt-oss-20b"}, b"", ("models.student: ", "'openai.gpt-oss-20b'", "Nova 2 Lite")),
    ],
)
async def test_a_dataset_that_the_model_would_refuse_fails_its_arm_before_a_job_is_started(
    models: dict[str, str], body: bytes, words: tuple[str, ...], twice: bool
) -> None:
    bedrock = FakeBedrock()
    services = await prepared(bedrock, body, models=models)
    driven = Pipeline([FinetuneLauncher(services)], twice=twice)
    await driven.run(DatasetReady(run=world.RUN, arm=ARM.slug, examples=10))
    assert not bedrock.jobs
    record = await status(services)
    said = record.reason or ""
    assert record.status == "failed" and [word for word in words if word not in said] == [], said
    assert ComparisonDue(run=world.RUN) in driven.emitted
    (failure,) = await services.runs.failures(world.RUN)
    assert (failure.code, failure.item, failure.message) == ("bad_dataset", "ft", said)


async def test_a_dataset_bigger_than_the_model_takes_is_not_even_read(monkeypatch: pytest.MonkeyPatch) -> None:
    haiku = require_family("anthropic.claude-3-haiku-20240307-v1:0:200k")
    monkeypatch.setattr(checking, "require_family", lambda model: dataclasses.replace(haiku, max_bytes=100))
    services = await prepared(FakeBedrock(), lines(rows("claude", 32)))
    await FinetuneLauncher(services).handle(DatasetReady(run=world.RUN, arm=ARM.slug, examples=32), context())
    assert "at most 100 are read; ask for fewer examples" in ((await status(services)).reason or "")


async def test_warnings_stop_no_job() -> None:
    bedrock = FakeBedrock()
    services = await prepared(bedrock, lines(rows("converse", 5) * 2))
    await FinetuneLauncher(services).handle(DatasetReady(run=world.RUN, arm=ARM.slug, examples=10), context())
    assert len(bedrock.jobs) == 1


async def test_a_base_model_that_bedrock_has_ended_fails_its_arm_before_a_job_is_started() -> None:
    bedrock = FakeBedrock()
    bedrock.cards["local.reader-v1"] = ModelCard("groundtune", "Local reader", "LEGACY", ends_at=1.0)
    services = await prepared(bedrock)
    driven = Pipeline([FinetuneLauncher(services)], twice=True)
    await driven.run(DatasetReady(run=world.RUN, arm=ARM.slug, examples=10))
    assert not bedrock.jobs and ComparisonDue(run=world.RUN) in driven.emitted
    (failure,) = await services.runs.failures(world.RUN)
    assert failure.code == "bad_base_model" and "end of life on 1970-01-01" in failure.message


@pytest.mark.parametrize(
    ("student", "resource"),
    [("local.reader-v1", "custom-model-deployment"), ("meta.llama3-2-1b-instruct-v1:0:128k", "provisioned-model")],
)
async def test_a_model_is_served_as_its_family_demands_and_torn_down(student: str, resource: str) -> None:
    bedrock = FakeBedrock()
    services = await prepared(
        bedrock, lines(rows("converse", 100)), models={"student": student, "teacher": "local.teacher-v1"}
    )
    driven = Pipeline([FinetuneLauncher(services)], twice=True)
    await driven.run(DatasetReady(run=world.RUN, arm=ARM.slug, examples=100))
    (arn,) = bedrock.deployments
    assert f":{resource}/" in arn and ModelReady(run=world.RUN, arm=ARM.slug, model=arn) in driven.emitted
    await driven.run(ArmPredicted(run=world.RUN, arm=ARM.slug))
    assert not bedrock.deployments


async def test_a_launch_that_is_said_again_after_its_end_begins_nothing() -> None:
    bedrock = FakeBedrock()
    services = await prepared(bedrock)
    launch = DatasetReady(run=world.RUN, arm=ARM.slug, examples=10)
    await Pipeline([FinetuneLauncher(services)]).run(launch)
    await FinetuneLauncher(services).handle(ArmPredicted(run=world.RUN, arm=ARM.slug), context())
    assert await FinetuneLauncher(services).handle(launch, context()) == []
    assert (await status(services)).status == "predicted" and len(bedrock.created) == 2


@pytest.mark.parametrize("twice", [False, True])
@pytest.mark.parametrize("student", ["local.reader-v1", "meta.llama3-2-1b-instruct-v1:0:128k"])
@pytest.mark.parametrize("state", ["training", "deploying", "ready"])
async def test_a_cancelled_run_has_its_job_stopped_and_its_model_taken_down_in_every_state(
    state: str, student: str, twice: bool
) -> None:
    battered = Battered(bedrock=FakeBedrock(looks=1))
    (arm,) = await battered.put("run-1", models={**MODELS, "student": student}, examples=100)
    while (record := await battered.kind.runs.arm("run-1", arm)) is None or record.status != state:
        await battered.step()
    await battered.cancel("run-1")
    if twice:
        await battered.cancel("run-1")
    await battered.drive()
    assert not battered.running and not battered.bedrock.deployments
    made = {"training": 1, "deploying": 2, "ready": 2}[state]
    assert len(battered.bedrock.created) == made  # and nothing was begun anew
    assert [job.status for job in battered.bedrock.jobs.values()] == ["Stopped" if made == 1 else "Completed"]
    hosted = [charge.kind for charge in await battered.kind.ledger.charges.all("run/run-1", now=0)]
    assert ("hosting" in hosted) == (made == 2 and student != "local.reader-v1")
