"""How answers ended, arm by arm: a table where some were cut off, refused or missing, else one sentence."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.report import ArmReport, Report
from shared.text import numbers

WHOLE = ("end_turn", "stop_sequence")
"""Reasons of an answer that the model itself ended."""
ORDER = (
    *WHOLE, "max_tokens", "model_context_window_exceeded", "content_filtered", "guardrail_intervened",
    "malformed_model_output", "error",
)  # fmt: skip
"""Columns; reasons that Bedrock invents later follow, in the order of their names."""


@dataclass(frozen=True)
class Endings:
    """``reasons``: columns, only those that occur; ``rows``: an arm and its counts, as text, in their order."""

    reasons: list[str]
    rows: list[tuple[str, list[str]]]

    @property
    def all_whole(self) -> bool:
        return set(self.reasons) <= set(WHOLE)


def endings(report: Report) -> Endings:
    """Of the arms that answered anything."""
    arms = [arm for arm in report.arms if arm.endings]
    found = {reason for arm in arms for reason in arm.endings}
    reasons = [*(reason for reason in ORDER if reason in found), *sorted(found - set(ORDER))]
    return Endings(reasons, [(arm.name, _counts(arm, reasons)) for arm in arms])


def _counts(arm: ArmReport, reasons: list[str]) -> list[str]:
    return [numbers.count(arm.endings.get(reason, 0)) for reason in reasons]
