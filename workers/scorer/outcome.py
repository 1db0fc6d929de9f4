"""How a run ends: completed, completed with failures, or failed and why. Pure."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.artifacts import Failure
from schemas.experiment import Experiment
from schemas.report import ArmReport, Report
from schemas.state import RunStatus


def outcome(
    experiment: Experiment, report: Report, failures: Sequence[Failure], questions: int, reason: str | None
) -> tuple[RunStatus, str | None]:
    """Status and, for a failed run, its reason. ``reason`` is what stopped the run before, if anything did.

    The share of rejected documents is judged where the corpus is gathered; here it is the share of missing answers.
    """
    reason = reason or _no_baseline(report) or _too_many_missing(experiment, report, questions)
    if reason:
        return "failed", reason
    return ("completed_with_failures" if failures else "completed"), None


def _no_baseline(report: Report) -> str | None:
    baseline = report.arms[0]
    if baseline.status == "scored":
        return None
    return f"the baseline arm {baseline.name!r} has no scores, so nothing can be compared: {baseline.reason}"


def _too_many_missing(experiment: Experiment, report: Report, questions: int) -> str | None:
    compared = [arm for arm in report.arms if arm.status == "scored"]
    asked, missing = questions * len(compared), sum(_missing(arm, questions) for arm in compared)
    if missing <= experiment.max_failed_fraction * asked:
        return None
    return (
        f"{missing} of {asked} answers are missing, more than max_failed_fraction "
        f"{experiment.max_failed_fraction:g} allows; the failures below say why"
    )


def _missing(arm: ArmReport, questions: int) -> int:
    return max(0, questions - arm.answered)
