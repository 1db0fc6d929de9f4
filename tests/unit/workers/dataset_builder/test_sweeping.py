"""The sweep: whatever is missing, the run ends."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from schemas.event import Event
from schemas.events import (
    ArmPredicted,
    ComparisonDue,
    DatasetReady,
    DocumentSubmitted,
    InferenceShardDue,
    ModelReady,
    PredictionsReady,
    ReportDue,
    RunRequested,
    RunSweepDue,
    SynthesisRequested,
)
from schemas.state import ArmRecord, RunRecord, RunStatus
from shared.runs import score_item, scores_group, shards_group
from shared.runtime.worker import Delayed
from shared.services import Services
from shared.store import keys
from shared.testing import FakeBedrock, FakeClock, MemoryGraveyards, memory_services
from tests.unit.workers import world
from tests.unit.workers.driving import context
from workers.dataset_builder.losing import ASK_AGAIN_AFTER_S, LOST_AFTER_S
from workers.dataset_builder.worker import DatasetBuilder

SWEEP = RunSweepDue(run=world.RUN, sweep=4)


def prepared() -> tuple[Services, DatasetBuilder, FakeClock]:
    clock = FakeClock()
    services = memory_services(clock=clock, bedrock=FakeBedrock(world.teacher))
    return services, DatasetBuilder(services, clock), clock


async def running(status: Any = "waiting", **values: Any) -> tuple[Services, DatasetBuilder, FakeClock]:
    """A run whose one arm of two shards is at ``status``."""
    services, builder, clock = prepared()
    now = clock.now()
    await services.runs.create(RunRecord(run=world.RUN, name="d", corpus=world.CORPUS, created=now, updated=now))
    await services.runs.put_arm(ArmRecord(run=world.RUN, arm="a", name="A", status=status, since=now, **values))
    await services.fanin.expect(scores_group(world.RUN), 2)
    await services.runs.advance(world.RUN, "running", shards=2, arms=["a"])
    return services, builder, clock


async def swept(builder: DatasetBuilder, event: RunSweepDue = SWEEP) -> list[Event]:
    """What a sweep emits, the next sweep left out."""
    emitted: Sequence[Any] = await builder.handle(event, context("sweep"))
    later = event.model_copy(update={"sweep": event.sweep + 1})
    assert [entry.event for entry in emitted if isinstance(entry, Delayed)] == [later]
    return [entry for entry in emitted if not isinstance(entry, Delayed)]


async def failures(services: Services) -> list[tuple[str, str, str]]:
    return [(failure.stage, failure.item, failure.code) for failure in await services.runs.failures(world.RUN)]


async def test_crashed_messages_of_the_run_and_its_corpus_are_sent_back_and_others_not() -> None:
    services, builder, _ = await running()
    graveyards = services.graveyards
    assert isinstance(graveyards, MemoryGraveyards)
    mine = PredictionsReady(run=world.RUN, arm="a", shard=0)
    document = DocumentSubmitted(corpus=world.CORPUS, bucket="b", key="k")
    graveyards.crashed["scorer"] = [mine, PredictionsReady(run="other", arm="a", shard=0)]
    graveyards.crashed["doc-ingest"] = [document, document.model_copy(update={"corpus": "other"})]
    await swept(builder)
    assert sorted(worker for worker, _ in graveyards.sent_back) == ["doc-ingest", "scorer"]
    assert [len(graveyards.crashed[worker]) for worker in ("scorer", "doc-ingest")] == [1, 1]


async def test_within_an_hour_nothing_is_asked_for_again() -> None:
    _, builder, clock = await running()
    await clock.advance(ASK_AGAIN_AFTER_S - 1)
    assert await swept(builder) == []


@pytest.mark.parametrize(
    ("arm", "asked"),
    [
        ({"status": "waiting"}, DatasetReady(run=world.RUN, arm="a")),
        ({"status": "ready", "model": "m"}, ModelReady(run=world.RUN, arm="a", model="m")),
    ],
)
async def test_after_an_hour_an_arm_is_asked_for_again_now_and_then(arm: dict[str, Any], asked: Event) -> None:
    _, builder, clock = await running(**arm)
    await clock.advance(ASK_AGAIN_AFTER_S)
    assert await swept(builder) == [asked]
    assert await swept(builder, RunSweepDue(run=world.RUN, sweep=5)) == []


async def test_shards_without_answers_or_scores_are_asked_for_by_number() -> None:
    services, builder, clock = await running("ready", model="m")
    await services.fanin.expect(shards_group(world.RUN, "a"), 2)
    await services.fanin.record(shards_group(world.RUN, "a"), "1")
    await clock.advance(ASK_AGAIN_AFTER_S)
    assert await swept(builder) == [
        InferenceShardDue(run=world.RUN, arm="a", shard=0, model="m"),
        PredictionsReady(run=world.RUN, arm="a", shard=1),
    ]


@pytest.mark.parametrize("status", ["waiting", "training", "deploying"])
async def test_an_arm_that_is_nowhere_for_days_is_lost_and_the_run_goes_on(status: str) -> None:
    services, builder, clock = await running(status)
    await clock.advance(LOST_AFTER_S)
    emitted = await swept(builder, RunSweepDue(run=world.RUN, sweep=5))
    assert emitted == [ArmPredicted(run=world.RUN, arm="a"), ComparisonDue(run=world.RUN)]
    assert await failures(services) == [("finetune-launcher", "A", "lost")]


async def test_shards_that_are_nowhere_for_days_are_lost_by_number() -> None:
    services, builder, clock = await running("ready", model="m")
    await services.fanin.expect(shards_group(world.RUN, "a"), 2)
    await services.fanin.record(shards_group(world.RUN, "a"), "1")
    await clock.advance(LOST_AFTER_S)
    emitted = await swept(builder, RunSweepDue(run=world.RUN, sweep=5))
    assert emitted == [ArmPredicted(run=world.RUN, arm="a"), ComparisonDue(run=world.RUN)]
    assert await failures(services) == [("inference", "A/shard 0", "lost"), ("scorer", "A/shard 1", "lost")]
    scores = await services.fanin.outcomes(scores_group(world.RUN))
    assert scores == {score_item("a", shard): "failed" for shard in range(2)}


async def test_objects_that_are_nowhere_for_days_are_lost_and_the_rest_is_built() -> None:
    services, builder, clock = prepared()
    await world.put_run(services)
    for number in range(5):
        await world.ingest(services, number)
    assert not any(
        isinstance(event, SynthesisRequested)
        for event in await builder.handle(RunRequested(run=world.RUN, corpus=world.CORPUS), context())
    )
    await clock.advance(LOST_AFTER_S - 1)
    assert await swept(builder) == []
    await clock.advance(1)
    emitted = await swept(builder)
    assert ("doc-ingest", world.key(5), "lost") in await failures(services)
    assert emitted and not any(isinstance(event, DocumentSubmitted) for event in emitted)
    record = await services.runs.get(world.RUN)
    assert record is not None and record.status in ("synthesizing", "building", "reporting")


async def test_samples_that_are_nowhere_for_days_are_lost_wave_by_wave() -> None:
    services, builder, clock = prepared()
    await world.put_run(services)
    for number in range(6):
        await world.ingest(services, number)
    await builder.handle(RunRequested(run=world.RUN, corpus=world.CORPUS), context())
    emitted: list[Event] = []
    for _ in range(5):
        if not any(isinstance(event, DatasetReady) for event in emitted):
            await clock.advance(LOST_AFTER_S)
            emitted = await swept(builder)
    assert sum(isinstance(event, DatasetReady) for event in emitted) == 3
    assert {(stage, code) for stage, _, code in await failures(services)} == {
        ("synthetic-gen", "lost"),
        ("dataset-builder", "shortfall"),
    }


@pytest.mark.parametrize("status", ["requested", "building"])
async def test_a_run_that_stands_still_for_days_before_its_arms_ends_as_failed(status: RunStatus) -> None:
    services, builder, clock = prepared()
    now = clock.now()
    await services.runs.create(RunRecord(run="r", name="d", corpus="c", created=now, updated=now, status=status))
    await clock.advance(LOST_AFTER_S)
    assert await swept(builder, RunSweepDue(run="r")) == [ReportDue(run="r")]
    record = await services.runs.get("r")
    assert record is not None and f"lost while {status}" in (record.reason or "")


async def test_a_report_is_asked_for_only_once_there_is_a_comparison_or_a_reason() -> None:
    services, builder, _ = await running()
    await services.runs.advance(world.RUN, "reporting")
    assert await swept(builder) == [ComparisonDue(run=world.RUN)]
    await services.artifacts.write_bytes(keys.run(world.RUN, "comparison.json"), b"{}", "application/json")
    assert await swept(builder) == [ReportDue(run=world.RUN)]


async def test_a_sweep_of_an_ended_run_or_an_earlier_revision_is_the_last() -> None:
    services, builder, _ = await running()
    await services.runs.advance(world.RUN, "completed_with_failures")
    assert await builder.handle(SWEEP, context()) == []
    record = await services.runs.get(world.RUN)
    assert record is not None and await services.runs.reopen(record, "running")
    assert await builder.handle(SWEEP, context()) == []
    assert await builder.failed(SWEEP, "late", context()) == []


async def test_a_sweep_that_was_given_up_is_followed_by_the_next() -> None:
    _, builder, _ = await running()
    (later,) = await builder.failed(SWEEP, "killed four times", context())
    assert isinstance(later, Delayed) and later.event == RunSweepDue(run=world.RUN, sweep=5)


@pytest.mark.parametrize("held", [{"job": "arn:job"}, {"job": "arn:job", "deployment": "arn:deployment"}])
async def test_what_an_ended_run_still_has_on_bedrock_is_torn_down_and_looked_after_until_it_is_gone(
    held: dict[str, str],
) -> None:
    services, builder, clock = await running("deploying", **held)
    await services.runs.advance(world.RUN, "cancelled")
    assert await swept(builder) == [ArmPredicted(run=world.RUN, arm="a")]
    await services.runs.set_arm(world.RUN, "a", torn_down=True)
    assert await builder.handle(SWEEP, context()) == []
    await services.runs.set_arm(world.RUN, "a", torn_down=False)
    await clock.advance(LOST_AFTER_S)  # now it is for the reaper
    assert await builder.handle(SWEEP, context()) == []
