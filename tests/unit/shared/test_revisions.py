"""A run that ended with failures is revised: in the end its report says what it would have said without them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.artifacts import Failure
from schemas.event import Event
from schemas.events import (
    ArmPredicted,
    ComparisonDue,
    DatasetReady,
    InferenceShardDue,
    JobPollDue,
    ModelReady,
    PredictionsReady,
    ReportDue,
    RunScored,
)
from schemas.state import RunRecord
from shared.revisions import revisable, revise
from shared.runs import fail_run
from shared.runtime.worker import Delayed, Worker
from shared.services import Services
from shared.store import keys
from shared.testing.bedrock import FakeBedrock
from shared.testing.services import memory_services
from tests.unit.workers import world
from tests.unit.workers.built import ARMS, READY, TRAINED, put_built
from tests.unit.workers.driving import Pipeline, context
from tests.unit.workers.scorer.making import BagOfWords
from workers.finetune_launcher.worker import FinetuneLauncher
from workers.inference.worker import Inference
from workers.scorer.worker import Scorer


class Giving(Worker):
    """Gives up on the events that are told to it, as the runtime does after the last attempt."""

    def __init__(self, inner: Worker, doomed: set[tuple[str, str, int]]) -> None:
        super().__init__(inner.services)
        self.name = inner.name  # type: ignore[misc]
        self._inner = inner
        self._doomed = doomed

    async def handle(self, event: Event, context: Any) -> Any:
        name = (type(event).__name__, getattr(event, "arm", ""), getattr(event, "shard", -1))
        if name in self._doomed and getattr(event, "revision", 0) == 0:
            return await self._inner.failed(event, "killed four times", context)
        return await self._inner.handle(event, context)


async def prepared() -> Services:
    services = memory_services(bedrock=FakeBedrock(lambda call: f"The code is ZX. {len(call.user) % 7}"))
    await put_built(services)
    return services


def pipeline(services: Services, *doomed: Event) -> Pipeline:
    names = {(type(e).__name__, getattr(e, "arm", ""), getattr(e, "shard", -1)) for e in doomed}
    inner = [FinetuneLauncher(services), Inference(services), Scorer(services, encoder=BagOfWords())]
    return Pipeline([Giving(worker, names) for worker in inner])


async def report(services: Services) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(await services.artifacts.read_bytes(keys.run(world.RUN, "report/report.json")))
    return loaded


async def run_through(services: Services, *doomed: Event) -> dict[str, Any]:
    await pipeline(services, *doomed).run(*READY)
    return await report(services)


async def record_of(services: Services) -> RunRecord:
    record = await services.runs.get(world.RUN)
    assert record is not None
    return record


async def revised(services: Services, *died: Event) -> tuple[dict[str, Any], Pipeline]:
    again = pipeline(services)
    await again.run(*await revise(services, await record_of(services), died))
    return await report(services), again


def without_provenance(report: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in report.items() if name != "provenance"}


def shard(arm: str, number: int = 1) -> InferenceShardDue:
    return InferenceShardDue(run=world.RUN, arm=arm, shard=number, model="m")


CASES: list[list[Event]] = [
    [shard(ARMS[1].slug)],
    [shard(TRAINED)],
    [shard(TRAINED, 0), shard(TRAINED, 1), shard(ARMS[0].slug)],
    [PredictionsReady(run=world.RUN, arm=ARMS[1].slug, shard=0)],
    [ModelReady(run=world.RUN, arm=ARMS[1].slug, model="m")],
    [DatasetReady(run=world.RUN, arm=TRAINED, examples=10)],
    [JobPollDue(run=world.RUN, arm=TRAINED)],
    [ModelReady(run=world.RUN, arm=ARMS[0].slug, model="m"), shard(TRAINED)],
    [ComparisonDue(run=world.RUN)],
    [ReportDue(run=world.RUN)],
]


@pytest.mark.parametrize("died", CASES, ids=lambda died: "+".join(type(event).__name__ for event in died))
async def test_a_revised_report_says_what_a_run_without_the_failure_says(died: list[Event]) -> None:
    wanted = await run_through(await prepared())
    assert wanted["status"] == "completed" and wanted["provenance"]["revision"] == 0
    services = await prepared()
    await pipeline(services, *died).run(*READY)
    assert (await record_of(services)).status in ("completed_with_failures", "failed")
    again, driven = await revised(services, *died)
    assert without_provenance(again) == without_provenance(wanted)
    assert again["provenance"]["revision"] == 1
    assert (await record_of(services)).status == "completed"
    assert await services.runs.failures(world.RUN) == []
    assert [e.revision for e in driven.emitted if isinstance(e, RunScored)] == [1]
    assert services.bedrock.deployments == {}  # type: ignore[attr-defined]


async def test_only_what_was_missing_is_asked_again() -> None:
    services = await prepared()
    await run_through(services, shard(TRAINED, 1))
    jobs, calls = len(services.bedrock.jobs), len(services.bedrock.calls)  # type: ignore[attr-defined]
    _, driven = await revised(services, shard(TRAINED, 1))
    asked = [event for event in driven.emitted if isinstance(event, InferenceShardDue)]
    assert [(event.arm, event.shard, event.revision) for event in asked] == [(TRAINED, 1, 1)]
    assert len(services.bedrock.jobs) == jobs  # type: ignore[attr-defined]
    assert len(services.bedrock.calls) == calls + 2  # type: ignore[attr-defined]


async def test_failures_that_are_not_redriven_stay_in_the_report() -> None:
    services = await prepared()
    other = Failure(stage="doc-ingest", item="a.pdf", code="encrypted", message="needs a password")
    await services.runs.add_failure(world.RUN, other)
    await run_through(services, shard(ARMS[0].slug), shard(ARMS[1].slug))
    again, _ = await revised(services, shard(ARMS[1].slug))
    assert again["status"] == "failed"  # two of three arms lack nothing, the baseline a whole shard
    items = {(failure["stage"], failure["item"].split("/")[0]) for failure in again["failures"]}
    assert items == {("doc-ingest", "a.pdf"), ("inference", ARMS[0].name)}
    last, _ = await revised(services, shard(ARMS[0].slug))
    assert (last["status"], last["failures"]) == ("completed_with_failures", [other.model_dump()])
    assert last["provenance"]["revision"] == 2


async def test_a_run_that_changed_meanwhile_is_left_alone_and_can_be_revised_later() -> None:
    services = await prepared()
    await run_through(services, shard(ARMS[1].slug))
    stale = await record_of(services)
    await services.runs.reopen(stale, "running")
    assert await revise(services, stale, [shard(ARMS[1].slug)]) == []
    await services.runs.advance(world.RUN, "failed")
    again, _ = await revised(services, shard(ARMS[1].slug))
    assert (again["status"], again["provenance"]["revision"]) == ("completed", 2)


async def test_events_of_an_earlier_revision_change_nothing() -> None:
    services = await prepared()
    await run_through(services, shard(TRAINED))
    events = await revise(services, await record_of(services), [shard(TRAINED)])
    launcher, inference, scorer = (
        FinetuneLauncher(services),
        Inference(services),
        Scorer(services, encoder=BagOfWords()),
    )
    polls = [e.event for e in await launcher.handle(events[0], context()) if isinstance(e, Delayed)]
    assert await scorer.handle(ComparisonDue(run=world.RUN), context()) == []
    assert await scorer.handle(ReportDue(run=world.RUN), context()) == []
    assert await scorer.failed(ReportDue(run=world.RUN), "late", context()) == []
    assert await inference.handle(shard(TRAINED, 0), context()) == []
    assert await inference.failed(shard(TRAINED, 0), "late", context()) == []
    assert await launcher.handle(ArmPredicted(run=world.RUN, arm=TRAINED), context()) == []
    assert await launcher.handle(JobPollDue(run=world.RUN, arm=TRAINED), context()) == []
    assert await launcher.failed(JobPollDue(run=world.RUN, arm=TRAINED), "late", context()) == []
    await pipeline(services).run(*polls)
    assert (await report(services))["status"] == "completed"


async def test_a_run_that_ended_before_its_arms_were_built_is_not_revisable() -> None:
    services = memory_services()
    await services.runs.create(RunRecord(run="r", name="n", corpus="c", created=1, updated=1))
    await fail_run(services, "r", "the corpus is empty")
    await services.runs.advance("r", "failed")
    record = await services.runs.get("r")
    assert record is not None and not revisable(record)
