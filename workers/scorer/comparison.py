"""The comparison across arms: scores in, the report's numbers and sentences out. Pure and deterministic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import permutations
from typing import Any

from schemas.artifacts import DataSummary, GroundTruth
from schemas.base import content_hash
from schemas.experiment import CASE_METRICS, Experiment
from schemas.report import ArmReport, Comparison, Contrast, MetricValue, PromptRecord, Report
from workers.scorer.attributes import attributes
from workers.scorer.citation_report import citation_report
from workers.scorer.documents import Documents
from workers.scorer.examples import best_and_worst
from workers.scorer.metrics import headline
from workers.scorer.pairing import ArmResult, Column, Paired
from workers.scorer.recall import retrieval_quality, retrieved_references
from workers.scorer.slices import slices
from workers.scorer.statistics import Change, mean, signature
from workers.scorer.summary import summarize
from workers.scorer.validity import Validity


def compare(
    experiment: Experiment,
    evaluation: Sequence[GroundTruth],
    results: Sequence[ArmResult],
    *,
    validity: Validity,
    signatures: Mapping[str, str],
    data: DataSummary | None = None,
    model_notes: Sequence[str] = (),
    metrics: Sequence[str] | None = None,
    documents: Documents | None = None,
) -> Report:
    """The report but for its status, failures and provenance. ``results`` are in run.yaml's order, baseline first.

    ``metrics``: all that are told of; None: those of run.yaml. The case's own fill the main table.
    """
    baseline, metrics = experiment.arms[0].name, list(experiment.metrics if metrics is None else metrics)
    shown = [metric for metric in metrics if metric in CASE_METRICS] or metrics
    further, known = [metric for metric in metrics if metric not in shown], documents or Documents()
    paired = Paired(results, [pair.id for pair in evaluation], experiment.seed, metrics)
    changes = paired.against(baseline, shown)
    beside = paired.against(baseline, further)  # a table of its own: it makes no p-value of the main one larger
    winner = pick_winner(paired, changes, headline(shown))
    found = retrieved_references(evaluation, results, experiment.retrieval, known)
    best, worst = best_and_worst(paired, evaluation, baseline, winner)
    return Report(
        name=experiment.name,
        status="reporting",
        valid=validity.valid,
        notes=validity.notes,
        baseline=baseline,
        winner=winner,
        summary=summarize(paired, results, shown, changes, winner),
        arms=[_arm(result, paired, experiment, metrics, changes | beside) for result in results],
        metrics=shown,
        further=further,
        signatures={name: signatures[name] for name in metrics if name in signatures},
        statistics=signature(paired.n, tests=_tests(changes), seed=experiment.seed),
        models=experiment.models.model_dump(exclude_none=True),
        model_notes=list(model_notes),
        prompts=_prompts(experiment),
        split=experiment.split,
        seed=experiment.seed,
        hyperparameters=experiment.hyperparameters,
        data=data,
        retrieval=retrieval_quality(paired, evaluation, results, experiment.retrieval, known),
        contrasts=_contrasts(paired, baseline, shown),
        slices=slices(paired, attributes(evaluation, found), shown, baseline, experiment.seed),
        best=best,
        worst=worst,
    )


def pick_winner(paired: Paired, changes: Mapping[Column, Change], metric: str) -> str | None:
    """The arm with the highest mean, if it is better than the baseline beyond chance; the earlier one of equals."""
    contenders = [arm for arm, compared in changes if compared == metric]
    if not contenders or not paired.n:
        return None
    top = max(contenders, key=lambda arm: mean(paired.values(arm, metric)) or 0.0)
    return top if changes[top, metric].better else None


def _tests(changes: Mapping[Column, Change]) -> int:
    return sum(change.p is not None for change in changes.values())


def _arm(
    result: ArmResult,
    paired: Paired,
    experiment: Experiment,
    metrics: Sequence[str],
    changes: Mapping[Column, Change],
) -> ArmReport:
    return ArmReport(
        name=result.name,
        prompt=result.arm.prompt,
        train=result.arm.train,
        trained_on=result.trained_on,
        model=experiment.models.student,
        status="scored" if result.reason is None else "failed",
        reason=result.reason,
        metrics={metric: metric_value(paired, result.name, metric, changes) for metric in metrics},
        citations=citation_report(result.scores[id] for id in paired.ids) if result.name in paired.scored else None,
        answered=sum(id in result.scores for id in paired.evaluation),
        endings=_endings(result),
        loss=list(result.loss),
        validation_loss=list(result.validation),
    )


def _endings(result: ArmResult) -> dict[str, int]:
    """Answers by stop reason, so that one that was cut off or refused is seen as such."""
    return dict(sorted(Counter(prediction.stop_reason for prediction in result.predictions.values()).items()))


def metric_value(paired: Paired, arm: str, metric: str, changes: Mapping[Column, Change]) -> MetricValue:
    """A cell of a table whose changes are known; an arm that is not among them is the baseline."""
    values = paired.values(arm, metric)
    low, high = paired.interval(arm, metric)
    change = changes.get((arm, metric), Change())
    return MetricValue(
        value=mean(values),
        value_low=low,
        value_high=high,
        **_told(change),
        p_holm=change.p_adjusted,
        significant=None if change.p is None else change.significant,
        detectable=change.detectable,
        n=values.size,
        with_missing_as_zero=mean(paired.with_missing_as_zero(arm, metric)),
    )


def _contrasts(paired: Paired, baseline: str, metrics: Sequence[str]) -> list[Contrast]:
    """Each arm against each other one but the baseline, in the order of the arms; the other way round is told, too."""
    others = [arm for arm in paired.scored if arm != baseline]
    return [
        Contrast(arm=arm, against=base, metric=metric, **_told(paired.change(base, arm, metric)))
        for base, arm in permutations(others, 2)
        for metric in metrics
    ]


def _told(change: Change) -> dict[str, Any]:
    """What a report tells of any change."""
    return {name: getattr(change, name) for name in Comparison.model_fields}


def _prompts(experiment: Experiment) -> list[PromptRecord]:
    """The prompts that arms use, in the order of their first use."""
    names = dict.fromkeys(arm.prompt for arm in experiment.arms)
    texts = {name: experiment.prompts[name] for name in names}
    return [PromptRecord(name=name, sha256=content_hash(text), text=text) for name, text in texts.items()]
