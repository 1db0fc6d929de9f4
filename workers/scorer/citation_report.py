"""What citations come to: shares over questions (macro) and over links (micro), and hallucinations by kind. Pure."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from schemas.artifacts import CitationDetail, Score
from schemas.report import CitationReport, MacroMicro
from workers.scorer.citations import values
from workers.scorer.hallucinations import KINDS

DIGITS = 6
_MEANS = ("citation_precision", "citation_recall", "citation_reachable_recall")


class CitationTotals:
    """Sums over any number of answers, in little memory."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._sums: dict[str, float] = dict.fromkeys(_MEANS, 0.0)
        self._of: Counter[str] = Counter()
        """Answers in each sum: some metrics do not apply to some answers."""

    def add(self, detail: CitationDetail) -> None:
        gold = len(detail.correct) + len(detail.missed)
        self._counts += Counter(
            n=1,
            links=len(detail.cited),
            gold=gold,
            correct=len(detail.correct),
            abstained=not detail.cited and not gold,
            uncited=not detail.cited and gold > 0,
            wrong=len(detail.wrong or ()),
            reachable=len(detail.reachable or ()),
            reached=len(set(detail.reachable or ()) & set(detail.correct)),
            unreachable=len(detail.unreachable or ()),
        )
        found = values(detail)
        for metric in _MEANS:
            self._sums[metric] += found[metric] or 0.0
            self._of[metric] += found[metric] is not None
        self._add_hallucinated(detail)

    def report(self) -> CitationReport | None:
        """None when nothing was added."""
        counts = self._counts
        if not counts["n"]:
            return None
        return CitationReport(
            n=counts["n"],
            links=counts["links"],
            abstained=counts["abstained"],
            uncited=counts["uncited"],
            precision=self._share("citation_precision", "correct", "links"),
            recall=self._share("citation_recall", "correct", "gold"),
            reachable_recall=self._share("citation_reachable_recall", "reached", "reachable"),
            hallucinated={kind: self._rate(kind) for kind in (*KINDS, "any")} if counts["judged"] else {},
            wrong=counts["wrong"],
            missed=counts["gold"] - counts["correct"],
            unreachable=counts["unreachable"],
        )

    def _add_hallucinated(self, detail: CitationDetail) -> None:
        if detail.hallucinated is None:
            return
        self._counts["judged"] += 1
        self._counts["judged links"] += len(detail.cited)
        for kind in (*KINDS, "any"):
            links = detail.hallucinated.all if kind == "any" else getattr(detail.hallucinated, kind)
            self._counts[f"{kind} links"] += len(links)
            self._counts[f"{kind} answers"] += bool(links)

    def _rate(self, kind: str) -> MacroMicro:
        counts = self._counts
        return MacroMicro(
            macro=_ratio(counts[f"{kind} answers"], counts["judged"]),
            micro=_ratio(counts[f"{kind} links"], counts["judged links"]),
        )

    def _share(self, metric: str, part: str, whole: str) -> MacroMicro:
        return MacroMicro(
            macro=_ratio(self._sums[metric], self._of[metric]), micro=_ratio(self._counts[part], self._counts[whole])
        )


def citation_report(scores: Iterable[Score]) -> CitationReport | None:
    """Of the scores that say what was cited; None when none does."""
    totals = CitationTotals()
    for score in scores:
        if score.citation is not None:
            totals.add(score.citation)
    return totals.report()


def _ratio(part: float, whole: int) -> float | None:
    return round(part / whole, DIGITS) if whole else None
