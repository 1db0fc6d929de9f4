"""How a run ends."""

from __future__ import annotations

import pytest

from schemas.artifacts import Failure
from schemas.report import Report
from tests.unit.workers.scorer.making import BASELINE, PROMPT, experiment, result, truth
from workers.scorer.comparison import compare
from workers.scorer.outcome import outcome
from workers.scorer.pairing import ArmResult
from workers.scorer.validity import Validity

IDS = [f"q{n}" for n in range(10)]
FAILURE = Failure(stage="doc-ingest", item="a.pdf", code="encrypted", message="needs a password")


def compared(*results: ArmResult) -> Report:
    pairs = [truth(id) for id in IDS]
    return compare(experiment(), pairs, results, validity=Validity(True), signatures={})


def answered(missing: int = 0) -> Report:
    values = {id: 0.5 for id in IDS}
    return compared(result(BASELINE, values), result(PROMPT, {id: 0.5 for id in IDS[missing:]}))


@pytest.mark.parametrize(("failures", "status"), [([], "completed"), ([FAILURE], "completed_with_failures")])
def test_a_run_with_all_answers_is_completed(failures: list[Failure], status: str) -> None:
    assert outcome(experiment(), answered(), failures, 10, None) == (status, None)


def test_a_reason_from_before_stands() -> None:
    assert outcome(experiment(), answered(), [], 10, "the corpus is empty") == ("failed", "the corpus is empty")


def test_missing_answers_fail_a_run_only_beyond_what_it_allows() -> None:
    assert outcome(experiment(max_failed_fraction=0.05), answered(missing=1), [FAILURE], 10, None)[0] != "failed"
    status, reason = outcome(experiment(max_failed_fraction=0.05), answered(missing=2), [FAILURE], 10, None)
    assert status == "failed"
    assert reason is not None
    assert reason.startswith("2 of 20 answers are missing, more than max_failed_fraction 0.05 allows")


def test_a_failed_arm_does_not_fail_the_run_but_a_failed_baseline_does() -> None:
    values = {id: 0.5 for id in IDS}
    arm_lost = compared(result(BASELINE, values), result(PROMPT, {}, failed="job stopped"))
    assert outcome(experiment(), arm_lost, [FAILURE], 10, None) == ("completed_with_failures", None)
    baseline_lost = compared(result(BASELINE, {}, failed="job stopped"), result(PROMPT, values))
    status, reason = outcome(experiment(), baseline_lost, [FAILURE], 10, None)
    assert status == "failed"
    assert reason == "the baseline arm 'baseline' has no scores, so nothing can be compared: job stopped"
