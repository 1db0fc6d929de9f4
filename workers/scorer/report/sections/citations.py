"""What the arms cited: how well, which links were wrong or left out, and which were made up."""

from __future__ import annotations

from schemas.report import ArmReport, CitationReport, MacroMicro, Report
from shared.text import numbers
from workers.scorer.hallucinations import KINDS
from workers.scorer.report.sections.model import Cell, Labels, Section, Table
from workers.scorer.report.sections.texts import lines, share

COUNTS = ("links", "wrong", "missed", "unreachable", "uncited", "abstained")
SHARES = ("precision", "recall", "reachable_recall")
METRICS = ("citation_accuracy", "citation_hit")
"""Known only where the run asked for them."""


def citations(report: Report, t: Labels) -> Section:
    """Empty but for a sentence where no arm was scored."""
    words = t["citations"]
    found = [(arm, arm.citations) for arm in report.arms if arm.citations is not None]
    if not found:
        return Section("citations", words["heading"], intro=[words["empty"]])
    tables = [_quality(found, t), _counts(found, words)]
    made_up = [(arm, cited) for arm, cited in found if cited.hallucinated]
    return Section(
        "citations",
        words["heading"],
        intro=[words["why"]],
        tables=[*tables, _hallucinated(made_up, words)] if made_up else tables,
        notes=[words[f"note_{name}"] for name in (*KINDS, "unreachable")],
    )


_Found = list[tuple[ArmReport, CitationReport]]


def _quality(found: _Found, t: Labels) -> Table:
    words, metrics = t["citations"], _asked(found)
    head = [words["arm"], *(words[name] for name in SHARES), words["f1"]]
    head += [t["metrics"][name] for name in metrics]
    rows = [
        [
            arm.name,
            *(_both(getattr(cited, name)) for name in SHARES),
            _both(MacroMicro(macro=_value(arm, "citation_f1"), micro=_f1(cited))),
            *(numbers.decimal(_value(arm, name)) for name in metrics),
        ]
        for arm, cited in found
    ]
    return Table(words["quality"].format(n=numbers.count(found[0][1].n)), head, rows, len(head) - 1)


def _asked(found: _Found) -> list[str]:
    return [name for name in METRICS if any(_value(arm, name) is not None for arm, _ in found)]


def _value(arm: ArmReport, metric: str) -> float | None:
    found = arm.metrics.get(metric)
    return found.value if found else None


def _f1(cited: CitationReport) -> float | None:
    """Over links: 2PR/(P+R) is 2·correct/(cited + reference links), as the sums give it."""
    precision, recall = cited.precision.micro, cited.recall.micro
    if precision is None or recall is None or not precision + recall:
        return None if precision is None or recall is None else 0.0
    return 2 * precision * recall / (precision + recall)


def _both(found: MacroMicro) -> Cell:
    micro = numbers.decimal(found.micro)
    return lines(numbers.decimal(found.macro), f"({micro})" if micro else None)


def _counts(found: _Found, words: Labels) -> Table:
    head = [words["arm"], *(words[name] for name in COUNTS)]
    rows = [[arm.name, *(numbers.count(getattr(cited, name)) for name in COUNTS)] for arm, cited in found]
    return Table(words["counts"], head, rows, len(COUNTS))


def _hallucinated(found: _Found, words: Labels) -> Table:
    kinds = (*KINDS, "any")
    head = [words["arm"], *(words[kind] for kind in kinds)]
    rows = [[arm.name, *(_shares(cited.hallucinated.get(kind)) for kind in kinds)] for arm, cited in found]
    return Table(words["hallucinated"], head, rows, len(kinds))


def _shares(found: MacroMicro | None) -> Cell:
    if found is None:
        return None
    micro = share(found.micro)
    return lines(share(found.macro), f"({micro})" if micro else None)
