"""The judge as a stage of a run, with stores in memory and a judge that prefers the longer answer."""

from __future__ import annotations

import re

import pytest
import structlog
import yaml

from schemas.artifacts import Failure
from schemas.event import Event
from schemas.events import ComparisonDue, JudgementDue, ReportDue
from schemas.experiment import Experiment
from schemas.report import Report
from schemas.state import RunRecord
from shared.errors import Retryable
from shared.revisions import revise
from shared.runs import judgements_group
from shared.runtime.worker import Context
from shared.services import Services
from shared.sharding import DEFAULT_SIZE
from shared.store import keys
from shared.testing.bedrock import Call, FakeBedrock
from shared.testing.services import memory_services
from tests.unit.workers.scorer.making import BASELINE, FT_40, BagOfWords, experiment, prediction, truth
from workers.scorer.worker import Scorer

RUN, URL = "run-1", "https://x.example/a"
IDS = [f"q{n:02d}" for n in range(DEFAULT_SIZE + 3)]
MODELS = {"student": "local.reader-v1", "teacher": "local.teacher-v1", "judge": "judge-1"}
EXPERIMENT = experiment([BASELINE, FT_40], models=MODELS)
SHARDS = 3
"""Two of questions, one of canaries."""


def prefers_longer(call: Call) -> dict[str, object]:
    a, b = re.findall(r'<answer id="[AB]">(.*?)</answer>', call.user, re.DOTALL)
    ratings = {"correctness": 3, "citations": 3, "conciseness": 3, "tone": 3}
    verdict = "tie" if len(a) == len(b) else "A" if len(a) > len(b) else "B"
    return {"reason": "longer", "a": ratings, "b": ratings, "verdict": verdict}


async def prepared(described: Experiment = EXPERIMENT) -> tuple[Services, Scorer, FakeBedrock]:
    """A run whose answers are all stored; ft-40 says more."""
    bedrock = FakeBedrock(prefers_longer)
    services = memory_services(bedrock=bedrock)
    artifacts = services.artifacts
    await artifacts.write_bytes(keys.run(RUN, "run.yaml"), yaml.safe_dump(described.model_dump()).encode(), "text/yaml")
    # each reference is longer than the next one, and longer than what is injected
    texts = [truth(id, "long " * (100 - n), [f"{URL}{n}"]) for n, id in enumerate(IDS)]
    await artifacts.write_lines(keys.run(RUN, "evaluation.jsonl"), texts)
    for shard in range(2):
        ids = IDS[shard * DEFAULT_SIZE : (shard + 1) * DEFAULT_SIZE]
        for arm, said in ((BASELINE.slug, "short"), (FT_40.slug, "a longer answer")):
            answers = [prediction(id, said, [URL]) for id in ids]
            await artifacts.write_lines(keys.predictions(RUN, arm, shard), answers)
    await services.runs.create(RunRecord(run=RUN, name="trial", corpus="telco", created=0, updated=0))
    await services.runs.advance(RUN, "running", shards=2)
    return services, Scorer(services, encoder=BagOfWords()), bedrock


async def handled(scorer: Scorer, event: Event, name: str = "event") -> list[Event]:
    found = await scorer.handle(event, Context(event_id=name, attempt=1, log=structlog.get_logger()))
    return [one for one in found if isinstance(one, Event)]


async def test_a_named_judge_is_asked_shard_by_shard_before_the_arms_are_compared() -> None:
    _, scorer, _ = await prepared()
    due = await handled(scorer, ComparisonDue(run=RUN))
    assert due == [JudgementDue(run=RUN, shard=shard) for shard in range(SHARDS)]
    followed = [await handled(scorer, event, f"judge-{n}") for n, event in enumerate(due)]
    assert followed == [[], [], [ComparisonDue(run=RUN, judged=True)]]
    assert await handled(scorer, followed[2][0]) == [ReportDue(run=RUN)]


async def test_without_a_judge_the_arms_are_compared_at_once() -> None:
    _, scorer, bedrock = await prepared(experiment([BASELINE, FT_40]))
    assert await handled(scorer, ComparisonDue(run=RUN)) == [ReportDue(run=RUN)]
    assert bedrock.calls == []


async def test_an_arm_alone_has_nobody_to_be_compared_with() -> None:
    _, scorer, _ = await prepared(experiment([BASELINE], models=MODELS))
    assert await handled(scorer, ComparisonDue(run=RUN)) == [ReportDue(run=RUN)]


async def judged(services: Services, scorer: Scorer) -> Report:
    for event in await handled(scorer, ComparisonDue(run=RUN)):
        assert isinstance(event, JudgementDue)
        await handled(scorer, event, f"judge-{event.shard}")
    await handled(scorer, ComparisonDue(run=RUN, judged=True))
    return await services.artifacts.read(keys.run(RUN, "comparison.json"), Report)


async def test_what_it_says_is_in_the_comparison() -> None:
    services, scorer, _ = await prepared()
    judge = (await judged(services, scorer)).judge
    # no scores are stored here, so both arms failed and what was said of them is left out
    assert judge is not None and judge.model == "judge-1"
    assert {found.kind: (found.passed, found.n) for found in judge.canaries}["identical"] == (10, 10)


async def test_every_pair_is_shown_in_both_orders() -> None:
    _, scorer, bedrock = await prepared()
    await handled(scorer, ComparisonDue(run=RUN))
    await handled(scorer, JudgementDue(run=RUN, shard=1))
    first = [re.findall(r'<answer id="A">(.*?)</answer>', call.user)[0] for call in bedrock.calls]
    assert sorted(first) == ["a longer answer"] * 3 + ["short"] * 3


async def test_a_shard_that_is_judged_twice_counts_once() -> None:
    services, scorer, _ = await prepared()
    await handled(scorer, ComparisonDue(run=RUN))
    for name in ("one", "again", "and again"):
        assert await handled(scorer, JudgementDue(run=RUN, shard=0), name) == []
    assert (await services.fanin.progress(judgements_group(RUN))).done == 1


async def test_a_judge_that_is_busy_is_asked_again_and_nothing_is_counted() -> None:
    services, scorer, bedrock = await prepared()
    await handled(scorer, ComparisonDue(run=RUN))
    bedrock._script = lambda call: Retryable("throttled")
    with pytest.raises(Retryable):
        await handled(scorer, JudgementDue(run=RUN, shard=0))
    assert (await services.fanin.progress(judgements_group(RUN))).done == 0


async def test_a_shard_that_is_given_up_is_a_failure_and_the_run_goes_on() -> None:
    services, scorer, _ = await prepared()
    await handled(scorer, ComparisonDue(run=RUN))
    await handled(scorer, JudgementDue(run=RUN, shard=0), "a")
    await handled(scorer, JudgementDue(run=RUN, shard=1), "b")
    context = Context(event_id="c", attempt=4, log=structlog.get_logger())
    assert await scorer.failed(JudgementDue(run=RUN, shard=2), "it broke", context) == [
        ComparisonDue(run=RUN, judged=True)
    ]
    [failure] = await services.runs.failures(RUN)
    assert failure == Failure(stage="scorer", item="judged shard 2", code="not_judged", message="it broke")


async def test_a_redrive_of_a_dead_letter_has_the_shard_judged_again() -> None:
    services, scorer, _ = await prepared()
    await handled(scorer, ComparisonDue(run=RUN))
    context = Context(event_id="c", attempt=4, log=structlog.get_logger())
    await scorer.failed(JudgementDue(run=RUN, shard=2), "it broke", context)
    await services.runs.advance(RUN, "reporting")
    await services.runs.advance(RUN, "completed")
    record = await services.runs.get(RUN)
    assert record is not None
    assert await revise(services, record, [JudgementDue(run=RUN, shard=2)]) == [ComparisonDue(run=RUN, revision=1)]
    assert await services.runs.failures(RUN) == []
    due = await handled(scorer, ComparisonDue(run=RUN, revision=1))
    assert due == [JudgementDue(run=RUN, revision=1, shard=shard) for shard in range(SHARDS)]


async def test_an_old_revision_s_shard_and_an_ended_run_s_are_left_alone() -> None:
    services, scorer, bedrock = await prepared()
    await handled(scorer, ComparisonDue(run=RUN))
    assert await handled(scorer, JudgementDue(run=RUN, revision=3, shard=0)) == []
    await services.runs.advance(RUN, "failed", reason="no more")
    assert await handled(scorer, JudgementDue(run=RUN, shard=0)) == []
    assert bedrock.calls == []
