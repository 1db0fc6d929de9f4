"""What an arm's citations come to: shares over questions (macro) and over links (micro), and hallucinations by kind.
Pure."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from schemas.artifacts import CitationDetail, Score
from schemas.report import CitationReport, MacroMicro
from workers.scorer.citations import values
from workers.scorer.hallucinations import KINDS

DIGITS = 6
Count = Callable[[CitationDetail], int]


def citation_report(scores: Sequence[Score]) -> CitationReport | None:
    """Of the scores that say what was cited; None when none does."""
    found = [score.citation for score in scores if score.citation is not None]
    if not found:
        return None
    gold = sum(map(_gold, found))
    return CitationReport(
        n=len(found),
        links=sum(len(detail.cited) for detail in found),
        abstained=sum(not detail.cited and not _gold(detail) for detail in found),
        uncited=sum(not detail.cited and _gold(detail) > 0 for detail in found),
        precision=_share(found, "citation_precision", _correct, lambda detail: len(detail.cited)),
        recall=_share(found, "citation_recall", _correct, _gold),
        reachable_recall=_share(found, "citation_reachable_recall", _reached, _reachable),
        hallucinated=_hallucinated([detail for detail in found if detail.hallucinated is not None]),
        wrong=sum(len(detail.wrong or ()) for detail in found),
        missed=gold - sum(map(_correct, found)),
        unreachable=sum(len(detail.unreachable or ()) for detail in found),
    )


def _hallucinated(found: Sequence[CitationDetail]) -> dict[str, MacroMicro]:
    links = sum(len(detail.cited) for detail in found)
    rates = {}
    for kind in (*KINDS, "any"):
        counts = [len(detail.hallucinated.all if kind == "any" else getattr(detail.hallucinated, kind))
                  for detail in found if detail.hallucinated is not None]  # fmt: skip
        macro, micro = _ratio(sum(count > 0 for count in counts), len(found)), _ratio(sum(counts), links)
        rates[kind] = MacroMicro(macro=macro, micro=micro)
    return rates


def _share(found: Sequence[CitationDetail], metric: str, part: Count, whole: Count) -> MacroMicro:
    means = [value for detail in found if (value := values(detail)[metric]) is not None]
    return MacroMicro(
        macro=round(sum(means) / len(means), DIGITS) if means else None,
        micro=_ratio(sum(map(part, found)), sum(map(whole, found))),
    )


def _correct(detail: CitationDetail) -> int:
    return len(detail.correct)


def _gold(detail: CitationDetail) -> int:
    return len(detail.correct) + len(detail.missed)


def _reachable(detail: CitationDetail) -> int:
    return len(detail.reachable or ())


def _reached(detail: CitationDetail) -> int:
    return len(set(detail.reachable or ()) & set(detail.correct))


def _ratio(part: int, whole: int) -> float | None:
    return round(part / whole, DIGITS) if whole else None
