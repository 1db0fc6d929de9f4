"""The report's numbers as CSV in long form, for a spreadsheet or a notebook: a row an arm and metric."""

from __future__ import annotations

import csv
from io import StringIO

from schemas.report import ArmReport, MetricValue, Report
from shared.text.cells import inert

COLUMNS = ("arm", "metric", "value", "low", "high", "relative", "rel_low", "rel_high", "p", "p_holm", "n")
"""``low`` and ``high`` are the interval of the value, ``rel_low`` and ``rel_high`` that of the relative change."""


def render_csv(report: Report) -> str:
    """In the order of the arms and of the tables' metrics. Shares are fractions of 1; what is not known is empty."""
    out = StringIO(newline="")
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    metrics = [*report.metrics, *report.further]
    writer.writerows(
        _row(arm, name, arm.metrics[name]) for arm in report.arms for name in metrics if name in arm.metrics
    )
    return out.getvalue()


def _row(arm: ArmReport, metric: str, found: MetricValue) -> list[object]:
    interval = (found.value, found.value_low, found.value_high)
    return [inert(arm.name), metric, *interval, found.relative, found.low, found.high, found.p, found.p_holm, found.n]
