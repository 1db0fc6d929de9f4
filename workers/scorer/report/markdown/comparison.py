"""The head of the report, and its main table with what stands below it."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.experiment import Train
from schemas.report import ArmReport, Report
from shared.pages.markup import bullets, escaped, grid, section
from shared.text import numbers
from workers.scorer.report.markdown.layout import table_parts
from workers.scorer.report.rows import Cell, Row, answers_missing, differs, table
from workers.scorer.report.sections import Labels, beside, detectable, in_groups


def header(report: Report, t: Labels) -> str:
    """Name, status, validity, winner, and the sentences that sum it up."""
    words = t["header"]
    status = t["status"].get(report.status, report.status)
    valid = words["valid" if report.valid else "invalid"]
    winner = f"{words['winner']}: **{escaped(report.winner)}**" if report.winner else f"**{words['no_winner']}**"
    reason = [f"**{words['reason']}** {escaped(report.reason)}"] if report.reason else []
    lines = [f"# {escaped(report.name)}", f"**{status}. {valid}.** {winner}", *reason]
    return "\n\n".join(part for part in [*lines, bullets(report.notes), bullets(report.summary)] if part)


def comparison(report: Report, t: Labels) -> str:
    """The main table."""
    words = t["comparison"]
    head = [words["arm"], words["prompt"], words["tuning"], *_metrics(report.metrics, t), words["n"]]
    rows = [
        [*_who(row, t), *(_cell(cell, t) for cell in row.cells), row.n or t["not_available"]] for row in table(report)
    ]
    reasons = [f"**{escaped(arm.name)}:** {escaped(arm.reason)}" for arm in report.arms if arm.reason]
    notes = "\n>\n".join(f"> {escaped(note)}" for note in report.model_notes)
    shown = grid(head, rows, len(report.metrics) + 1) if rows else words["no_arms"]
    key = bullets([words[name] for name in ("key_up", "key_down", "key_unclear", "key_p", "key_na")])
    return section(words["heading"], shown, key, notes, *reasons)


def sureness(report: Report, t: Labels) -> str:
    """What so many questions can show, what each value is worth, and arms against arms."""
    parts = [part for found in beside(report, t) for part in table_parts(found, t)]
    return section(t["comparison"]["beside_heading"], detectable(report, t), *parts) if parts else ""


def further(report: Report, t: Labels) -> str:
    """Metrics that were asked for beside the case's own."""
    words, groups = t["comparison"], in_groups(report.further)
    grids = [_further(report, group, t) for group in groups]
    return section(words["further_heading"], words["further_why"], *grids) if groups else ""


def _further(report: Report, metrics: Sequence[str], t: Labels) -> str:
    rows = [[escaped(row.arm.name), *(_cell(cell, t) for cell in row.cells)] for row in table(report, metrics)]
    return grid([t["comparison"]["arm"], *_metrics(metrics, t)], rows, len(metrics))


def missing(report: Report, t: Labels) -> str:
    """The main metrics with a question without answer scored 0."""
    if not answers_missing(report):
        return ""
    words = t["comparison"]
    rows = [
        [escaped(arm.name), numbers.count(arm.answered), *(_as_zero(arm, metric, t) for metric in report.metrics)]
        for arm in report.arms
    ]
    head = [words["arm"], words["answered"], *_metrics(report.metrics, t)]
    return section(words["missing_heading"], words["missing_why"], grid(head, rows, len(head) - 1))


def _metrics(names: Sequence[str], t: Labels) -> list[str]:
    return [t["metrics"].get(name, name) for name in names]


def _who(row: Row, t: Labels) -> list[str]:
    words = t["comparison"]
    marks = [words[mark] for mark, meant in (("baseline", row.is_baseline), ("winner", row.is_winner)) if meant]
    # An arm that is called baseline needs no word that it is.
    marks = [mark for mark in marks if mark != row.arm.name]
    name = f"**{escaped(row.arm.name)}**" + (f" ({', '.join(marks)})" if marks else "")
    return [name, escaped(row.arm.prompt), _tuning(row.arm, t)]


def _tuning(arm: ArmReport, t: Labels) -> str:
    words = t["comparison"]
    if arm.train is None:
        return str(words["base_model"])
    if not differs(arm.train, arm.trained_on):
        return _counts(arm.train, t)
    return f"{_counts(arm.trained_on or arm.train, t)} ({words['asked'].format(asked=_counts(arm.train, t))})"


def _counts(train: Train, t: Labels) -> str:
    kinds = [(train.original, "original"), (train.synthetic, "synthetic")]
    return " + ".join(t["comparison"][kind].format(count=numbers.count(number)) for number, kind in kinds if number)


def _cell(cell: Cell, t: Labels) -> str:
    arrow = {"up": "▲ ", "down": "▼ "}.get(cell.direction or "", "")
    change = [f"{arrow}{cell.relative}", cell.interval, escaped(cell.p or "")] if cell.relative else []
    return "<br>".join(part for part in [cell.value or t["not_available"], *change] if part)


def _as_zero(arm: ArmReport, metric: str, t: Labels) -> str:
    value = arm.metrics.get(metric)
    return (numbers.decimal(value.with_missing_as_zero) if value else None) or str(t["not_available"])
