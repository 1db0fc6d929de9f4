"""The comparison: paired over common questions, honest about what is missing, the same in any order."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import pytest

from schemas.artifacts import GroundTruth
from schemas.experiment import Arm
from schemas.report import MetricValue, Report
from tests.unit.workers.scorer.making import (
    BASELINE,
    FT_40,
    FT_160,
    METRICS,
    MIXED,
    PROMPT,
    experiment,
    prediction,
    result,
    truth,
)
from workers.scorer.comparison import compare
from workers.scorer.pairing import ArmResult
from workers.scorer.report import report_json
from workers.scorer.validity import Validity

IDS = [f"q{n:02d}" for n in range(40)]


def values(shift: float, seed: int = 1, ids: Sequence[str] = IDS) -> dict[str, float]:
    """One value per question; equal seeds give equal noise, so that arms differ by their shift."""
    rng = random.Random(seed)
    return {id: 0.3 + 0.2 * rng.random() + shift for id in ids}


def report(results: Sequence[ArmResult], evaluation: Sequence[GroundTruth] | None = None, **asked: object) -> Report:
    pairs = [truth(id) for id in IDS] if evaluation is None else evaluation
    described = experiment([result.arm for result in results], **asked)
    signatures = {metric: "signature" for metric in METRICS}
    return compare(described, pairs, results, validity=Validity(True), signatures=signatures)


def test_the_best_arm_wins_when_its_interval_lies_above_zero() -> None:
    found = report([result(BASELINE, values(0)), result(PROMPT, values(0.05)), result(FT_40, values(0.1))])
    assert found.winner == "ft-40"
    metric = found.arms[2].metrics["rougeL"]
    assert metric.value is not None
    assert metric.relative is not None
    assert metric.low is not None
    assert metric.n == 40
    assert metric.relative == pytest.approx(0.1 / 0.4, abs=0.03)
    assert 0 < metric.low < metric.relative
    assert found.summary[0].startswith("ft-40 has the highest ROUGE-L: +")


def test_no_arm_wins_by_chance_alone() -> None:
    found = report([result(BASELINE, values(0)), result(PROMPT, values(0, seed=2))])
    assert found.winner is None
    assert found.summary[0].startswith("No arm wins")
    assert any("did not measurably help" in sentence for sentence in found.summary)


def test_answers_are_counted_by_how_they_ended_with_those_that_failed() -> None:
    ends = ["max_tokens", "end_turn", "error", "end_turn"]
    predictions = {f"q{n:02d}": prediction(f"q{n:02d}", stop_reason=reason) for n, reason in enumerate(ends)}
    answered = replace(result(BASELINE, values(0)), predictions=predictions)
    found = report([answered, ArmResult(PROMPT, failed="the job failed")])
    assert [arm.endings for arm in found.arms] == [{"end_turn": 2, "error": 1, "max_tokens": 1}, {}]


def test_the_baseline_has_values_and_no_change() -> None:
    metric = report([result(BASELINE, values(0)), result(PROMPT, values(0.1))]).arms[0].metrics["rougeL"]
    assert metric.value is not None
    assert (metric.relative, metric.low, metric.high) == (None, None, None)


def test_only_questions_that_all_arms_answered_count() -> None:
    partly = {id: value for id, value in values(0).items() if id not in ("q00", "q01")}
    found = report([result(BASELINE, values(0)), result(PROMPT, partly)])
    base, prompt = (arm.metrics["rougeL"] for arm in found.arms)
    assert (base.n, prompt.n) == (38, 38)
    assert prompt.relative == 0.0
    assert prompt.value == base.value
    assert prompt.value is not None
    assert prompt.with_missing_as_zero == pytest.approx(prompt.value * 38 / 40)
    assert [arm.answered for arm in found.arms] == [40, 38]
    assert any("2 of 40 questions" in sentence for sentence in found.summary)


def test_a_failed_arm_takes_no_question_from_the_others() -> None:
    found = report([result(BASELINE, values(0)), result(PROMPT, values(0.1)), result(FT_40, {}, failed="job stopped")])
    assert [arm.status for arm in found.arms] == ["scored", "scored", "failed"]
    assert found.arms[0].metrics["rougeL"].n == 40
    assert found.arms[2].metrics["rougeL"] == MetricValue(value=None, n=0)
    assert "Not compared: ft-40: job stopped" in found.summary


def test_an_arm_without_any_answer_counts_as_failed() -> None:
    found = report([result(BASELINE, values(0)), result(PROMPT, {})])
    assert found.arms[1].status == "failed"
    assert found.arms[0].metrics["rougeL"].n == 40


def test_a_failed_baseline_leaves_values_without_changes() -> None:
    found = report([result(BASELINE, {}, failed="throttled"), result(PROMPT, values(0.1))])
    assert found.winner is None
    assert found.best == found.worst == []
    assert found.arms[1].metrics["rougeL"].value is not None
    assert found.arms[1].metrics["rougeL"].relative is None


@pytest.mark.parametrize("evaluation", [[], [truth("q00")]])
def test_a_run_without_answers_is_reported(evaluation: list[GroundTruth]) -> None:
    found = report([result(BASELINE, {}), result(PROMPT, {})], evaluation)
    assert found.winner is None
    assert all(arm.metrics["rougeL"].n == 0 for arm in found.arms)
    assert found.summary[0].startswith("Nothing can be compared")


def test_a_metric_that_is_zero_for_the_baseline_has_no_ratio() -> None:
    found = report([result(BASELINE, values(0), exact=0.0), result(PROMPT, values(0), exact=1.0)])
    metric = found.arms[1].metrics["citation_accuracy"]
    assert (metric.value, metric.relative, metric.low) == (1.0, None, None)


def test_only_the_metrics_that_were_asked_for_are_reported() -> None:
    found = report([result(BASELINE, values(0)), result(PROMPT, values(0.1))], metrics=["citation_accuracy", "rouge1"])
    assert list(found.arms[0].metrics) == ["citation_accuracy", "rouge1"]
    assert list(found.signatures) == ["citation_accuracy", "rouge1"]
    assert found.winner is None  # the first metric decides, and all citations are equal


def test_synthetic_samples_are_compared_with_fewer_and_with_as_many_original_ones() -> None:
    arms = [(BASELINE, 0.0), (PROMPT, 0.02), (FT_40, 0.05), (MIXED, 0.05), (FT_160, 0.1)]
    told = report([result(arm, values(shift)) for arm, shift in arms]).summary
    adding = "Adding 120 synthetic samples to 40 original ones (ft-40+120syn against ft-40) did not measurably help"
    replacing = "120 synthetic samples in place of as many original ones (ft-40+120syn against ft-160) hurt in part"
    tuning = "Fine-tuning, with the same prompt (ft-160 against prompt) helped in part"
    assert any(sentence.startswith(adding) for sentence in told)
    assert any(sentence.startswith(replacing) for sentence in told)
    assert any(sentence.startswith(tuning) for sentence in told)


def test_links_that_models_were_not_shown_are_told() -> None:
    told = report([result(BASELINE, values(0), hallucinated=1), result(PROMPT, values(0))]).summary
    assert "Cited links that were not among the documents the model was given: baseline 40, prompt 0." in told


def test_best_and_worst_are_the_largest_changes_in_order() -> None:
    changed = dict(values(0))
    for n, id in enumerate(IDS[:7]):
        changed[id] += 0.1 + n / 100
    for n, id in enumerate(IDS[10:13]):
        changed[id] -= 0.1 + n / 100
    found = report([result(BASELINE, values(0)), result(PROMPT, changed)])
    assert [example.id for example in found.best] == ["q06", "q05", "q04", "q03", "q02"]
    assert [example.id for example in found.worst] == ["q12", "q11", "q10"]
    assert [answer.arm for answer in found.worst[0].answers] == ["baseline", "prompt"]
    assert found.worst[0].answers[1].answer == "answer of prompt"
    assert found.worst[0].change == pytest.approx(-0.12)


def test_the_order_in_which_scores_arrive_changes_nothing() -> None:
    def shuffled(arm: Arm, shift: float, order: int) -> ArmResult:
        items = list(values(shift, seed=len(arm.name)).items())
        random.Random(order).shuffle(items)
        return result(arm, dict(items))

    def told(order: int) -> str:
        evaluation = random.Random(order).sample([truth(id) for id in IDS], len(IDS))
        return report_json(report([shuffled(BASELINE, 0, order), shuffled(PROMPT, 0.1, order + 1)], evaluation))

    assert told(1) == told(2) == told(3)


def test_a_lead_within_chance_is_called_that() -> None:
    noise = {id: 0.6 if place % 2 else 0.4 for place, id in enumerate(IDS)}
    other = {id: 1.005 - value for id, value in noise.items()}
    found = report([result(BASELINE, values(0)), result(PROMPT, noise), result(FT_40, other)])
    assert found.winner == "ft-40"
    assert "Its lead in ROUGE-L over prompt is within chance." in found.summary


def test_every_change_is_tested_and_its_p_adjusted_for_the_whole_table() -> None:
    found = report([result(BASELINE, values(0)), result(PROMPT, values(0, seed=2)), result(FT_40, values(0.1))])
    metric = found.arms[2].metrics["rougeL"]
    assert metric.p is not None and metric.p_holm is not None and metric.value is not None
    assert (metric.test, metric.interval) == ("sign-flip", "paired bootstrap, percentile")
    assert metric.p < metric.p_holm <= 12 * metric.p  # six metrics of two arms
    assert (metric.significant, metric.direction) == (True, "up")
    assert metric.value_low is not None and metric.value_high is not None
    assert metric.value_low < metric.value < metric.value_high
    assert found.arms[1].metrics["rougeL"].significant is False
    assert found.arms[0].metrics["rougeL"].p is None
    assert "n=40" in found.statistics
    assert "holm,12" in found.statistics


def test_a_change_that_only_the_interval_sees_is_no_win() -> None:
    """Among 24 comparisons one with p = 0.01 is to be expected."""
    noise = random.Random(5)
    slightly = {id: value + noise.gauss(0.018, 0.04) for id, value in values(0).items()}
    chance = [result(arm, values(0, seed=9 + n)) for n, arm in enumerate((FT_40, MIXED, FT_160))]
    found = report([result(BASELINE, values(0)), result(PROMPT, slightly), *chance])
    metric = found.arms[1].metrics["rougeL"]
    assert metric.low is not None and metric.p is not None and metric.p_holm is not None
    assert metric.low > 0
    assert metric.p < 0.05 < metric.p_holm
    assert metric.direction == "unclear"
    assert found.winner is None


def test_that_nothing_was_found_is_told_with_what_could_have_been() -> None:
    found = report([result(BASELINE, values(0)), result(PROMPT, values(0, seed=2))])
    size = found.arms[1].metrics["rougeL"].detectable
    assert size is not None
    assert found.summary[1].startswith(
        f"So many questions show a difference in ROUGE-L of {size:.3f} in 80 of 100 runs"
    )
