"""The report as Markdown, for a pull request or a chat: the same table and facts, compact, in English."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.experiment import Train
from schemas.report import ArmReport, Example, Report, RetrievalQuality
from shared.pages.markup import bullets, escaped, grid, link, section
from shared.text import numbers
from workers.scorer.report.costs import COUNTS, CostRow, cost_rows, total
from workers.scorer.report.endings import endings
from workers.scorer.report.facts import facts
from workers.scorer.report.failures import grouped
from workers.scorer.report.funnel import funnel
from workers.scorer.report.labels import labels, metric_label
from workers.scorer.report.retrieval import SLICED, origin, recall_row, slice_row, slice_sizes
from workers.scorer.report.rows import Cell, Row, answers_missing, differs, table

_ABSENT = "n/a"
_KEY = (
    "▲ better and ▼ worse: the whole 95 % interval, in brackets and in percent, lies on one side of zero, and p, "
    "adjusted (Holm) for all changes of the table, is at most 0.05. "
    "n/a: the arm was not scored, or the baseline's mean is zero."
)


def render_markdown(report: Report) -> str:
    """The whole report; text that models or people wrote is escaped, so that it cannot change the layout."""
    parts = [
        _header(report),
        _comparison(report),
        _further(report),
        _missing(report),
        _endings(report),
        _retrieval(report),
        _setup(report),
        _data(report),
        _failures(report),
        _cost(report),
        _examples(report),
        _methods(report),
        _provenance(report),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def _header(report: Report) -> str:
    words = labels("en")
    status = words["status"].get(report.status, report.status)
    valid = words["header"]["valid" if report.valid else "invalid"]
    winner = f"Winner: **{escaped(report.winner)}**" if report.winner else f"**{words['header']['no_winner']}**"
    reason = [f"**Why it failed:** {escaped(report.reason)}"] if report.reason else []
    lines = [f"# {escaped(report.name)}", f"**{status}. {valid}.** {winner}", *reason]
    return "\n\n".join(part for part in [*lines, bullets(report.notes), bullets(report.summary)] if part)


def _comparison(report: Report) -> str:
    head = ["Arm", "Prompt", "Fine-tuning", *(metric_label(metric) for metric in report.metrics), "n"]
    rows = [[*_who(row), *map(_cell, row.cells), row.n or _ABSENT] for row in table(report)]
    reasons = [f"**{escaped(arm.name)}:** {escaped(arm.reason)}" for arm in report.arms if arm.reason]
    right = len(report.metrics) + 1
    notes = "\n>\n".join(f"> {escaped(note)}" for note in report.model_notes)
    shown = grid(head, rows, right) if rows else labels("en")["comparison"]["no_arms"]
    return section("Comparison", shown, _KEY, notes, *reasons)


def _further(report: Report) -> str:
    if not report.further:
        return ""
    words = labels("en")["comparison"]
    rows = [[escaped(row.arm.name), *map(_cell, row.cells)] for row in table(report, report.further)]
    head = ["Arm", *(metric_label(metric) for metric in report.further)]
    return section(words["further_heading"], words["further_why"], grid(head, rows, len(report.further)))


def _who(row: Row) -> list[str]:
    marks = [mark for mark, meant in (("baseline", row.is_baseline), ("winner", row.is_winner)) if meant]
    # An arm that is called baseline needs no word that it is.
    marks = [mark for mark in marks if mark != row.arm.name]
    name = f"**{escaped(row.arm.name)}**" + (f" ({', '.join(marks)})" if marks else "")
    return [name, escaped(row.arm.prompt), _tuning(row.arm)]


def _tuning(arm: ArmReport) -> str:
    if arm.train is None:
        return "base model"
    if not differs(arm.train, arm.trained_on):
        return _counts(arm.train)
    return f"{_counts(arm.trained_on or arm.train)} (asked: {_counts(arm.train)})"


def _counts(train: Train) -> str:
    kinds = [(train.original, "original"), (train.synthetic, "synthetic")]
    return " + ".join(f"{numbers.count(number)} {kind}" for number, kind in kinds if number)


def _cell(cell: Cell) -> str:
    arrow = {"up": "▲ ", "down": "▼ "}.get(cell.direction or "", "")
    change = [f"{arrow}{cell.relative}", cell.interval] if cell.relative else []
    return "<br>".join(part for part in [cell.value or _ABSENT, *change] if part)


def _missing(report: Report) -> str:
    if not answers_missing(report):
        return ""
    rows = [
        [
            escaped(arm.name),
            numbers.count(arm.answered),
            *(_as_zero(arm, metric) for metric in report.metrics),
        ]
        for arm in report.arms
    ]
    head = ["Arm", "Answered", *(metric_label(metric) for metric in report.metrics)]
    words = labels("en")["comparison"]
    return section(words["missing_heading"], words["missing_why"], grid(head, rows, len(head) - 1))


def _endings(report: Report) -> str:
    words, found = labels("en")["endings"], endings(report)
    if not found.rows:
        return ""
    if found.all_whole:
        return section(words["heading"], words["whole"])
    head = [words["arm"], *(words["reasons"].get(reason, escaped(reason)) for reason in found.reasons)]
    rows = [[escaped(arm), *counts] for arm, counts in found.rows]
    return section(words["heading"], words["why"], grid(head, rows, len(found.reasons)))


def _retrieval(report: Report) -> str:
    words, quality = labels("en")["retrieval"], report.retrieval
    if quality is None:
        return ""
    caption = words["caption"].format(n=numbers.count(quality.n))
    recall = grid([words[name] for name in ("k", "all", "any")], map(recall_row, quality.recall), 3)
    return section(words["heading"], words["why"], origin(quality, words), f"{caption}:", recall, *_slices(quality))


def _slices(quality: RetrievalQuality) -> list[str]:
    words = labels("en")["retrieval"]
    if not quality.slices:
        return []
    sides = ("retrieved", "not_retrieved")
    head = [words["arm"], *(f"{metric_label(metric)}, {words[side]}" for metric in SLICED for side in sides)]
    rows = [[escaped(found.arm), *(shown or _ABSENT for shown in slice_row(found))] for found in quality.slices]
    return [f"{words['slices'].format(**slice_sizes(quality))}:", grid(head, rows, len(head) - 1)]


def _as_zero(arm: ArmReport, metric: str) -> str:
    value = arm.metrics.get(metric)
    return (numbers.decimal(value.with_missing_as_zero) if value else None) or _ABSENT


def _setup(report: Report) -> str:
    split = f"{report.split.by}, {numbers.count(report.split.evaluation)} evaluation questions asked for"
    lines = [
        *(f"{role}: {escaped(model)}" for role, model in report.models.items()),
        *(f"prompt {escaped(prompt.name)}: SHA-256 {prompt.sha256}" for prompt in report.prompts),
        f"split: {split}",
        f"seed: {report.seed}",
        *(f"{escaped(name)}: {escaped(value)}" for name, value in report.hyperparameters.items()),
    ]
    return section("Set-up", bullets(lines, ready=True))


def _data(report: Report) -> str:
    words = labels("en")["data"]
    if report.data is None:
        return section("Data", words["empty"])
    rows = [
        [
            words[stage.key],
            numbers.count(stage.kept),
            "; ".join(f"{numbers.count(n)} {escaped(_reason(why))}" for why, n in stage.dropped.items()),
        ]
        for stage in funnel(report.data)
    ]
    hashes = [
        f"{words[key]}: {value}"
        for key in ("snapshot_sha256", "evaluation_sha256", "recipe")
        if (value := getattr(report.data, key))
    ]
    counts = report.data.samples_by_type.items()
    types = ", ".join(f"{numbers.count(number)} {labels('en')['types'].get(name, name)}" for name, number in counts)
    told = [f"{words['by_type']} {types}."] if types else []
    if report.data.samples_of_evaluation:
        told.append(words["of_evaluation"].format(count=numbers.count(report.data.samples_of_evaluation)))
    return section("Data", grid(["Stage", "Kept", "Left out"], rows, 0), bullets([*told, *hashes]))


def _reason(code: str) -> str:
    """The name of a sample's code or of a stage's own reason; sentences as they are."""
    found = labels("en")
    return str(found["codes"].get(code) or found["data"].get(code, code))


def _failures(report: Report) -> str:
    if not report.failures:
        return section("Failures", labels("en")["failures"]["empty"])
    lines = [
        f"{escaped(group.stage)}, {escaped(group.code)} ({numbers.count(group.count)}): "
        f"{escaped(group.failures[0].item)}: {escaped(group.failures[0].message)}"
        for group in grouped(report.failures)
    ]
    return section("Failures", bullets(lines, ready=True))


def _cost(report: Report) -> str:
    words = labels("en")["cost"]
    rows = cost_rows(report.provenance, words)
    if not rows:
        return ""
    names = ("part", "model", *COUNTS, "usd")
    cells = [[escaped(_cost_cell(row, name, words)) for name in names] for row in rows]
    money = total(report.provenance)
    told = words["total"].format(usd=money) if money else words["no_total"]
    return section(words["heading"], grid([words[name] for name in names], cells, 5), escaped(told))


def _cost_cell(row: CostRow, name: str, words: Mapping[str, str]) -> str:
    """Only a price is unknown when nothing stands there; what is no call has no counts."""
    text: str | None = getattr(row, name)
    return words["unknown"] if text is None else text


def _examples(report: Report) -> str:
    words = labels("en")["examples"]
    parts = []
    for key, examples in (("worst", report.worst), ("best", report.best)):
        parts += [f"### {words[key]}", *(map(_example, examples) if examples else [words[f"no_{key}"]])]
    return section(words["heading"], *parts) if report.worst or report.best else ""


def _example(example: Example) -> str:
    head = ["", "Answer", metric_label("rougeL"), metric_label("citation_accuracy")]
    links = ", ".join(map(link, example.references)) or labels("en")["examples"]["no_links"]
    reference = ["reference", f"{escaped(example.reference)} ({links})", "", ""]
    answers = [
        [
            escaped(a.arm),
            escaped(a.answer),
            numbers.decimal(a.rougeL) or _ABSENT,
            numbers.decimal(a.citation, 2) or _ABSENT,
        ]
        for a in example.answers
    ]
    title = f"**{escaped(example.question)}** ({escaped(example.id)}, {numbers.signed_decimal(example.change)})"
    return f"{title}\n\n{grid(head, [reference, *answers], 2)}"


def _methods(report: Report) -> str:
    words = labels("en")["methods"]
    signatures = [f"{metric_label(name)}: {escaped(text)}" for name, text in report.signatures.items()]
    how = [f"{words['statistics']}: {escaped(report.statistics)}"] if report.statistics else []
    return section(words["heading"], words["relative"], bullets([*how, *signatures], ready=True))


def _provenance(report: Report) -> str:
    told = {name: value for name, value in report.provenance.items() if name != "spending"}
    lines = [f"{escaped(name)}: {escaped(value)}" for name, value in facts(told)]
    return section("Provenance", bullets(lines, ready=True)) if lines else ""
