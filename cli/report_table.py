"""The report's comparison on the terminal: a line of values, one of changes and one of intervals for each arm."""

from __future__ import annotations

from rich import box
from rich.table import Table
from rich.text import Text

from schemas.report import ArmReport, MetricValue, Report
from shared.text import numbers

HEADINGS = {
    "rouge1": "ROUGE-1",
    "rouge2": "ROUGE-2",
    "rouge3": "ROUGE-3",
    "rougeL": "ROUGE-L",
    "embedding_similarity": "Embedding",
    "citation_accuracy": "Citation",
}
"""Metrics in as few letters as a terminal of 100 columns needs."""

ARM_WIDTH = 14
N_WIDTH = 3
ABSENT = "n/a"
_STYLES = {"up": "green", "down": "red", "unclear": "dim"}
_MARKS = {"up": "▲", "down": "▼"}


def render_table(report: Report, columns: int = 100) -> Table:
    """All arms against the baseline, for a terminal of so many columns: 80 hold six metrics, 100 read better."""
    table = Table(
        box=box.SIMPLE_HEAD,
        caption=_caption(report),
        caption_justify="left",
        padding=0,
        leading=1,
        pad_edge=False,
    )
    width = max(9, min(13, (columns - ARM_WIDTH - N_WIDTH) // max(1, len(report.metrics)) - 1))
    table.add_column("Arm", overflow="fold", min_width=ARM_WIDTH, max_width=22)
    for metric in report.metrics:
        table.add_column(HEADINGS.get(metric, metric), justify="right", overflow="fold", width=width)
    table.add_column("n", justify="right", no_wrap=True, min_width=N_WIDTH)
    for arm in report.arms:
        cells = [_cell(arm.metrics.get(metric), arm.name == report.baseline) for metric in report.metrics]
        table.add_row(_arm(arm, report), *cells, _questions(arm))
    return table


def _arm(arm: ArmReport, report: Report) -> Text:
    text = Text(arm.name, style="bold green" if arm.name == report.winner else "bold")
    if arm.name == report.winner:
        text.append(" (winner)")
    text.append(f"\nprompt {arm.prompt}\n{_tuning(arm)}", style="not bold default dim")
    return text


def _tuning(arm: ArmReport) -> str:
    if arm.status == "failed":
        return "not scored"
    held = arm.trained_on or arm.train
    if held is None:
        return "base model"
    counts = [(held.original, "orig"), (held.synthetic, "syn")]
    return " + ".join(f"{numbers.count(number)} {kind}" for number, kind in counts if number)


def _cell(metric: MetricValue | None, baseline: bool) -> Text:
    value = numbers.decimal(metric.value) if metric else None
    if metric is None or value is None:
        return Text(ABSENT, style="dim")
    text = Text(value)
    if baseline:
        return text
    style = _STYLES.get(metric.direction or "unclear", "dim")
    mark = _MARKS.get(metric.direction or "", "")
    text.append(f"\n{mark}{numbers.percent(metric.relative) or ABSENT}", style=style)
    return text.append(f"\n{_interval(metric)}", style="dim")


def _interval(metric: MetricValue) -> str:
    """The ends in percent, with a decimal only below ten: the column is narrow."""
    if metric.low is None or metric.high is None:
        return ""
    return " … ".join(_end(end * 100) for end in (metric.low, metric.high))


def _end(percent: float) -> str:
    return numbers.signed_decimal(percent, 1 if abs(percent) < 10 else 0) or ABSENT


def _questions(arm: ArmReport) -> str:
    sizes = {metric.n for metric in arm.metrics.values()}
    return numbers.count(max(sizes)) if sizes else ABSENT


def _caption(report: Report) -> Text:
    text = Text(f"against {report.baseline}; below each change its 95 % interval in percent; ▲ ▼: beyond chance")
    for note in report.model_notes:
        text.append(f"\n{note}")
    if not report.valid:
        text.append("\nNOT VALID: " + " ".join(report.notes), style="bold red")
    return text
