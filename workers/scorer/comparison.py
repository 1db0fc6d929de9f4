"""The comparison across arms: scores in, the report's numbers and sentences out. Pure and deterministic."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from schemas.artifacts import DataSummary, GroundTruth
from schemas.base import content_hash
from schemas.experiment import Experiment
from schemas.report import ArmReport, MetricValue, PromptRecord, Report
from workers.scorer.examples import best_and_worst
from workers.scorer.metrics import headline
from workers.scorer.pairing import ArmResult, Paired
from workers.scorer.recall import retrieval_quality
from workers.scorer.statistics import Change, mean
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
    aliases: Mapping[str, str] | None = None,
) -> Report:
    """The report but for its status, failures and provenance. ``results`` are in run.yaml's order, baseline first.

    ``aliases``: other URL of a document → the URL it is cited by.
    """
    baseline = experiment.arms[0].name
    paired = Paired(results, [pair.id for pair in evaluation], experiment.seed)
    winner = pick_winner(paired, baseline, headline(experiment.metrics))
    best, worst = best_and_worst(paired, evaluation, baseline, winner)
    return Report(
        name=experiment.name,
        status="reporting",
        valid=validity.valid,
        notes=validity.notes,
        baseline=baseline,
        winner=winner,
        summary=summarize(paired, results, experiment.metrics, winner),
        arms=[_arm(result, paired, experiment, baseline) for result in results],
        metrics=experiment.metrics,
        signatures={name: signatures[name] for name in experiment.metrics if name in signatures},
        models=experiment.models.model_dump(exclude_none=True),
        model_notes=list(model_notes),
        prompts=_prompts(experiment),
        split=experiment.split,
        seed=experiment.seed,
        hyperparameters=experiment.hyperparameters,
        data=data,
        retrieval=retrieval_quality(paired, evaluation, results, experiment.retrieval, aliases or {}),
        best=best,
        worst=worst,
    )


def pick_winner(paired: Paired, baseline: str, metric: str) -> str | None:
    """The arm with the highest mean, if its whole interval lies above the baseline; the earlier one of equals."""
    contenders = [arm for arm in paired.scored if arm != baseline]
    if not contenders or not paired.n:
        return None
    top = max(contenders, key=lambda arm: mean(paired.values(arm, metric)) or 0.0)
    return top if paired.change(baseline, top, metric).better else None


def _arm(result: ArmResult, paired: Paired, experiment: Experiment, baseline: str) -> ArmReport:
    return ArmReport(
        name=result.name,
        prompt=result.arm.prompt,
        train=result.arm.train,
        trained_on=result.trained_on,
        model=experiment.models.student,
        status="scored" if result.reason is None else "failed",
        reason=result.reason,
        metrics={metric: _value(paired, result.name, metric, baseline) for metric in experiment.metrics},
        answered=sum(id in result.scores for id in paired.evaluation),
        endings=_endings(result),
        loss=list(result.loss),
        validation_loss=list(result.validation),
    )


def _endings(result: ArmResult) -> dict[str, int]:
    """Answers by stop reason, so that one that was cut off or refused is seen as such."""
    return dict(sorted(Counter(prediction.stop_reason for prediction in result.predictions.values()).items()))


def _value(paired: Paired, arm: str, metric: str, baseline: str) -> MetricValue:
    values = paired.values(arm, metric)
    change = Change() if arm == baseline else paired.change(baseline, arm, metric)
    return MetricValue(
        value=mean(values),
        relative=change.relative,
        low=change.low,
        high=change.high,
        n=values.size,
        with_missing_as_zero=mean(paired.with_missing_as_zero(arm, metric)),
    )


def _prompts(experiment: Experiment) -> list[PromptRecord]:
    """The prompts that arms use, in the order of their first use."""
    names = dict.fromkeys(arm.prompt for arm in experiment.arms)
    texts = {name: experiment.prompts[name] for name in names}
    return [PromptRecord(name=name, sha256=content_hash(text), text=text) for name, text in texts.items()]
