"""The scorer worker, with stores in memory."""

from __future__ import annotations

import json
from typing import Any

import pytest
import structlog
import yaml

from schemas.artifacts import DatasetManifest, Failure, Prediction, Score, SnapshotDocument
from schemas.events import ComparisonDue, JobPollDue, PredictionsReady, ReportDue, RunScored
from schemas.experiment import Experiment
from schemas.people import Ranking
from schemas.report import Report
from schemas.state import ArmRecord, RunRecord
from shared.errors import Poison
from shared.runs import fail_arm, fail_run, scores_group
from shared.runtime.worker import Context, Emitted
from shared.services import Services
from shared.sharding import DEFAULT_SIZE
from shared.store import keys
from shared.testing.clock import FakeClock
from shared.testing.services import memory_services
from tests.unit.workers.scorer.making import BASELINE, FT_40, BagOfWords, experiment, prediction, truth
from workers.scorer.people.analysis import analyse
from workers.scorer.scoring import laid_together
from workers.scorer.worker import Scorer

RUN, URL = "run-1", "https://x.example/a"
IDS = [f"q{n:02d}" for n in range(2 * DEFAULT_SIZE)]
CONTEXT = Context(event_id="event", attempt=1, log=structlog.get_logger())
EXPERIMENT = experiment([BASELINE, FT_40])


async def prepared(described: Experiment = EXPERIMENT) -> tuple[Services, Scorer]:
    """A run whose two arms wait for their two shards to be scored."""
    clock = FakeClock()
    services, now = memory_services(clock=clock), clock.now()
    artifacts = services.artifacts
    await artifacts.write_bytes(keys.run(RUN, "run.yaml"), yaml.safe_dump(described.model_dump()).encode(), "text/yaml")
    questions = [truth(id, f"reset router {id}", [URL]) for id in IDS]
    await artifacts.write_lines(keys.run(RUN, "evaluation.jsonl"), questions)
    source = SnapshotDocument(
        document="d", key="k", url=URL, title="A", language="en", aliases=["https://old.example/a"]
    )
    await artifacts.write_lines(keys.run(RUN, "snapshot.jsonl"), [source])
    await services.runs.create(RunRecord(run=RUN, name="trial", corpus="telco", created=now, updated=now))
    for arm in described.arms:
        await services.runs.put_arm(ArmRecord(run=RUN, arm=arm.slug, name=arm.name, model=f"arn:{arm.name}"))
    await services.fanin.expect(scores_group(RUN), 2 * len(described.arms))
    await services.runs.advance(RUN, "running", shards=2)
    return services, Scorer(services, encoder=BagOfWords(), clock=clock)


def answers(arm: str, shard: int) -> list[Prediction]:
    ids = IDS[shard * DEFAULT_SIZE : (shard + 1) * DEFAULT_SIZE]
    link = "https://old.example/a" if arm == FT_40.slug else "https://elsewhere.example/"
    extra = "" if arm == FT_40.slug else " or perhaps not at all"
    return [prediction(id, f"reset router {id}{extra}\n\nSources: <{link}>", [URL], input_tokens=9) for id in ids]


async def predict(services: Services, arm: str, shard: int, **lost: str) -> PredictionsReady:
    """Stores a shard's predictions; ``lost`` are errors by question id."""
    stored = [
        p.model_copy(update={"error": lost[p.id], "answer": ""}) if p.id in lost else p for p in answers(arm, shard)
    ]
    await services.artifacts.write_lines(keys.predictions(RUN, arm, shard), stored)
    return PredictionsReady(run=RUN, arm=arm, shard=shard)


async def score_all(services: Services, scorer: Scorer, order: list[tuple[str, int]]) -> list[Emitted]:
    return [await scorer.handle(await predict(services, arm, shard), CONTEXT) for arm, shard in order]


MEASURES = ["characters", "citations", "form", "rouge", "similarity"]
"""Of the default metrics."""
ORDER = [(arm.slug, shard) for arm in EXPERIMENT.arms for shard in range(2)]


async def ended(services: Services, scorer: Scorer) -> dict[str, Any]:
    """report.json after comparison and report."""
    [due] = await scorer.handle(ComparisonDue(run=RUN), CONTEXT)
    assert due == ReportDue(run=RUN)
    await scorer.handle(ReportDue(run=RUN), CONTEXT)
    body = await services.artifacts.read_bytes(keys.run(RUN, "report/report.json"))
    loaded: dict[str, Any] = json.loads(body)
    Report.model_validate(loaded)
    return loaded


async def test_a_shard_is_scored_and_the_last_one_asks_for_the_comparison() -> None:
    services, scorer = await prepared()
    emitted = await score_all(services, scorer, ORDER)
    assert emitted == [[], [], [], [ComparisonDue(run=RUN)]]
    stored = [found.key async for found in services.artifacts.objects.list(keys.scores(RUN, FT_40.slug, 1))]
    assert [key.rpartition("/")[2].rpartition("-")[0] for key in stored] == MEASURES
    scores = laid_together([s for key in stored for s in await services.artifacts.read_lines(key, Score)])
    assert [score.id for score in scores] == IDS[DEFAULT_SIZE:]
    assert all(score.values["rougeL"] == 1.0 and score.values["citation_accuracy"] == 1.0 for score in scores)
    assert {score.arm for score in scores} == {FT_40.slug}


async def test_a_shard_scored_twice_counts_once() -> None:
    services, scorer = await prepared()
    first = await score_all(services, scorer, [ORDER[0]] * 5)
    assert all(emitted == [] for emitted in first)


async def test_the_report_says_which_arm_won_and_ends_the_run() -> None:
    services, scorer = await prepared()
    await score_all(services, scorer, ORDER)
    report = await ended(services, scorer)
    assert report["status"] == "completed"
    assert report["winner"] == "ft-40"
    assert report["arms"][1]["metrics"]["rougeL"]["n"] == 20
    assert report["provenance"]["run"] == RUN
    assert report["provenance"]["arms"]["ft-40"]["model"] == "arn:ft-40"
    assert report["provenance"]["arms"]["ft-40"]["input_tokens"] == 9 * 20
    record = await services.runs.get(RUN)
    assert record is not None
    assert (record.status, record.report) == ("completed", "runs/run-1/report/")
    for name in ("report.csv", "report.md", "index.html"):
        assert b"ft-40" in await services.artifacts.read_bytes(keys.run(RUN, f"report/{name}"))


async def test_reporting_again_tells_the_same_end() -> None:
    services, scorer = await prepared()
    await score_all(services, scorer, ORDER)
    await ended(services, scorer)
    again = await scorer.handle(ReportDue(run=RUN), CONTEXT)
    assert again == [RunScored(run=RUN, status="completed", report="runs/run-1/report/")]


async def test_shards_in_any_order_give_the_same_bytes_outside_provenance() -> None:
    reports = []
    for order in (ORDER, ORDER[::-1], [ORDER[2], ORDER[0], ORDER[3], ORDER[1]]):
        services, scorer = await prepared()
        await score_all(services, scorer, order)
        report = await ended(services, scorer)
        del report["provenance"]
        reports.append(json.dumps(report))
    assert reports[0] == reports[1] == reports[2]


async def test_an_answer_that_the_model_refused_is_a_failure_and_missing() -> None:
    services, scorer = await prepared(experiment([BASELINE, FT_40], max_failed_fraction=0.1))
    await score_all(services, scorer, ORDER[1:])
    await scorer.handle(await predict(services, BASELINE.slug, 0, q03="blocked by the guardrail"), CONTEXT)
    report = await ended(services, scorer)
    assert report["status"] == "completed_with_failures"
    assert report["arms"][1]["metrics"]["rougeL"]["n"] == 19
    assert report["failures"] == [
        {"stage": "inference", "item": "baseline/q03", "code": "no_answer", "message": "blocked by the guardrail"}
    ]


async def test_a_shard_that_cannot_be_scored_is_a_failure_and_the_run_goes_on() -> None:
    services, scorer = await prepared()
    await score_all(services, scorer, ORDER[:3])
    given_up = await scorer.failed(PredictionsReady(run=RUN, arm=FT_40.slug, shard=1), "no such file", CONTEXT)
    assert given_up == [ComparisonDue(run=RUN)]
    report = await ended(services, scorer)
    assert report["failures"][0]["item"] == "ft-40/shard 1"
    assert report["status"] == "failed"
    assert report["reason"].startswith("10 of 40 answers are missing")


async def test_a_failed_arm_is_listed_with_its_reason_and_the_others_are_compared() -> None:
    services, scorer = await prepared()
    await score_all(services, scorer, ORDER[:2])
    emitted = await fail_arm(
        services,
        RUN,
        FT_40.slug,
        stage="finetune-launcher",
        code="job_failed",
        message="customization job Failed",
        by="e",
    )
    assert ComparisonDue(run=RUN) in emitted
    report = await ended(services, scorer)
    assert report["status"] == "completed_with_failures"
    assert [(arm["status"], arm["reason"]) for arm in report["arms"]] == [
        ("scored", None), ("failed", "customization job Failed"),
    ]  # fmt: skip


async def test_a_run_that_failed_early_still_gets_a_report_that_says_why() -> None:
    services, scorer = await prepared()
    await services.artifacts.objects.delete(keys.run(RUN, "evaluation.jsonl"))
    assert ReportDue(run=RUN) in await fail_run(services, RUN, "the corpus telco is empty")
    emitted = await scorer.handle(ReportDue(run=RUN), CONTEXT)
    assert emitted == [RunScored(run=RUN, status="failed", report="runs/run-1/report/")]
    report = await services.artifacts.read(keys.run(RUN, "report/report.json"), Report)
    assert (report.status, report.reason, report.valid) == ("failed", "the corpus telco is empty", False)
    record = await services.runs.get(RUN)
    assert record is not None
    assert (record.status, record.reason) == ("failed", "the corpus telco is empty")


async def test_a_run_without_evaluation_questions_ends_as_failed() -> None:
    services, scorer = await prepared()
    await services.artifacts.write_lines(keys.run(RUN, "evaluation.jsonl"), [])
    report = await ended(services, scorer)
    assert report["status"] == "failed"
    assert not report["valid"]


async def test_training_loss_and_rows_are_reported_as_the_job_left_them() -> None:
    services, scorer = await prepared()
    manifest = DatasetManifest(arm="ft-40", format="nova", original=38, synthetic=0, sha256="0" * 64, examples=[])
    await services.artifacts.write(keys.dataset(RUN, FT_40.slug, "manifest.json"), manifest)
    metrics = keys.run(RUN, f"models/{FT_40.slug}/job-1/training_artifacts/step_wise_training_metrics.csv")
    rows = b"step_number,epoch_number,training_loss,perplexity\n0,0,0.5,1.6\n"
    await services.artifacts.write_bytes(metrics, rows, "text/csv")
    await score_all(services, scorer, ORDER)
    arm = (await ended(services, scorer))["arms"][1]
    assert arm["loss"] == [0.5]
    assert arm["trained_on"] == {"original": 38, "synthetic": 0, "repeat": 1}


@pytest.mark.parametrize(
    "event", [PredictionsReady(run=RUN, arm=BASELINE.slug, shard=0), ComparisonDue(run=RUN), ReportDue(run=RUN)]
)
async def test_a_cancelled_run_is_left_alone(event: PredictionsReady | ComparisonDue | ReportDue) -> None:
    services, scorer = await prepared()
    await services.runs.advance(RUN, "cancelled")
    assert await scorer.handle(event, CONTEXT) == []
    assert not await services.artifacts.exists(keys.run(RUN, "report/report.json"))


async def test_a_comparison_or_report_that_cannot_be_made_ends_the_run() -> None:
    services, scorer = await prepared()
    assert ReportDue(run=RUN) in await scorer.failed(ComparisonDue(run=RUN), "a bug", CONTEXT)
    assert await scorer.failed(ReportDue(run=RUN), "another bug", CONTEXT) == [RunScored(run=RUN, status="failed")]
    record = await services.runs.get(RUN)
    assert record is not None
    assert (record.status, record.reason) == ("failed", "the arms could not be compared: a bug")


async def test_a_report_given_up_twice_tells_the_same_end() -> None:
    """A crash may come between the run's end and the event that says so."""
    _, scorer = await prepared()
    first = await scorer.failed(ReportDue(run=RUN), "a bug", CONTEXT)
    assert first == await scorer.failed(ReportDue(run=RUN), "late", CONTEXT) == [RunScored(run=RUN, status="failed")]
    assert await scorer.failed(ReportDue(run=RUN, revision=1), "of another revision", CONTEXT) == []


async def test_a_cancelled_run_is_not_reported_as_failed() -> None:
    services, scorer = await prepared()
    await services.runs.advance(RUN, "cancelled")
    assert await scorer.failed(ReportDue(run=RUN), "a bug", CONTEXT) == []


async def test_failures_of_earlier_stages_are_in_the_report() -> None:
    services, scorer = await prepared()
    failure = Failure(stage="doc-ingest", item="a.pdf", code="encrypted", message="needs a password")
    await services.runs.add_failure(RUN, failure)
    await score_all(services, scorer, ORDER)
    report = await ended(services, scorer)
    assert report["status"] == "completed_with_failures"
    assert report["failures"] == [failure.model_dump()]


async def test_an_event_of_another_worker_is_poison() -> None:
    _, scorer = await prepared()
    with pytest.raises(Poison, match="job"):
        await scorer.handle(JobPollDue(run=RUN, arm="a"), CONTEXT)


async def test_warming_up_loads_the_encoder() -> None:
    encoder = BagOfWords()
    await Scorer(memory_services(), encoder=encoder).warm_up()
    assert encoder.loaded


async def test_what_people_said_before_a_comparison_stands_in_its_report() -> None:
    services, scorer = await prepared()
    await score_all(services, scorer, ORDER)
    said = [Ranking(rater="r", question=id, points={"ft-40": 2, "baseline": 1}) for id in IDS]
    await services.artifacts.write(keys.people(RUN, "rankings.json"), analyse(said, seed=7))
    report = await ended(services, scorer)
    assert [arm["points"] for arm in report["people"]["arms"]] == [40, 20]
