"""What the run was made of and what it took: data, set-up, failures, cost, methods, provenance."""

from __future__ import annotations

from schemas.report import Report
from shared.pages.markup import bullets, escaped, grid, section
from shared.text import numbers
from workers.scorer.report.costs import COUNTS, CostRow, cost_rows, total
from workers.scorer.report.facts import facts
from workers.scorer.report.failures import grouped
from workers.scorer.report.funnel import funnel
from workers.scorer.report.markdown.layout import table_parts
from workers.scorer.report.sections import Labels, latency, signatures


def data(report: Report, t: Labels) -> str:
    """The funnel, and what identifies the data."""
    words = t["data"]
    if report.data is None:
        return section(words["heading"], words["empty"])
    rows = [
        [
            words[stage.key],
            numbers.count(stage.kept),
            "; ".join(f"{numbers.count(n)} {escaped(_reason(why, t))}" for why, n in stage.dropped.items()),
        ]
        for stage in funnel(report.data)
    ]
    hashes = [
        f"{words[key]}: {value}"
        for key in ("snapshot_sha256", "evaluation_sha256", "recipe")
        if (value := getattr(report.data, key))
    ]
    counts = report.data.samples_by_type.items()
    types = ", ".join(f"{numbers.count(number)} {t['types'].get(name, name)}" for name, number in counts)
    told = [f"{words['by_type']} {types}."] if types else []
    if report.data.samples_of_evaluation:
        told.append(words["of_evaluation"].format(count=numbers.count(report.data.samples_of_evaluation)))
    head = [words["stage"], words["kept"], words["dropped"]]
    return section(words["heading"], grid(head, rows, 0), bullets([*told, *hashes]))


def _reason(code: str, t: Labels) -> str:
    """The name of a sample's code or of a stage's own reason; sentences as they are."""
    return str(t["codes"].get(code) or t["data"].get(code, code))


def setup(report: Report, t: Labels) -> str:
    """Models, prompts, split, seed and hyperparameters."""
    words = t["setup"]
    lines = [
        *(f"{role}: {escaped(model)}" for role, model in report.models.items()),
        *(f"{words['prompts']}, {escaped(prompt.name)}: SHA-256 {escaped(prompt.sha256)}" for prompt in report.prompts),
        f"{words['split']}: {words[f'split_{report.split.by}']}",
        f"{words['evaluation']}: {numbers.count(report.split.evaluation)}",
        f"{words['seed']}: {report.seed}",
        *(f"{escaped(name)}: {escaped(value)}" for name, value in report.hyperparameters.items()),
    ]
    return section(words["heading"], bullets(lines, ready=True))


def failures(report: Report, t: Labels) -> str:
    """A line a stage and code."""
    words = t["failures"]
    if not report.failures:
        return section(words["heading"], words["empty"])
    lines = [
        f"{escaped(group.stage)}, {escaped(group.code)} ({numbers.count(group.count)}): "
        f"{escaped(group.failures[0].item)}: {escaped(group.failures[0].message)}"
        for group in grouped(report.failures)
    ]
    return section(words["heading"], bullets(lines, ready=True))


def cost(report: Report, t: Labels) -> str:
    """Money and time."""
    words, took = t["cost"], latency(report, t)
    rows = cost_rows(report.provenance, words)
    times = table_parts(took, t) if took else []
    if not rows:
        return section(words["heading"], *times) if times else ""
    names = ("part", "model", *COUNTS, "usd")
    cells = [[escaped(_cost_cell(row, name, words)) for name in names] for row in rows]
    money = total(report.provenance)
    told = words["total"].format(usd=money) if money else words["no_total"]
    return section(words["heading"], grid([words[name] for name in names], cells, 5), escaped(told), *times)


def _cost_cell(row: CostRow, name: str, words: Labels) -> str:
    """Only a price is unknown when nothing stands there; what is no call has no counts."""
    text: str | None = getattr(row, name)
    return str(words["unknown"]) if text is None else text


def methods(report: Report, t: Labels) -> str:
    """How each metric, interval and test was computed."""
    words = t["methods"]
    lines = [f"{escaped(name)}: {escaped(text)}" for name, text in signatures(report, t)]
    return section(words["heading"], words["relative"], bullets(lines, ready=True))


def provenance(report: Report, t: Labels) -> str:
    """What may differ between equal runs."""
    told = {name: value for name, value in report.provenance.items() if name != "spending"}
    lines = [f"{escaped(name)}: {escaped(value)}" for name, value in facts(told)]
    return section(t["provenance"]["heading"], bullets(lines, ready=True)) if lines else ""
