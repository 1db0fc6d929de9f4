"""The links of an answer beside its reference links, as sets of canonical URLs.

With C the cited, G the reference ("gold") and R the retrieved links, those of the documents that the model was given:
precision |C∩G|/|C|, recall |C∩G|/|G|, F1 2|C∩G|/(|C|+|G|), exact [C = G], hit [C∩G not empty], and reachable recall
|C∩G∩R|/|G∩R|. When G is empty, citing nothing is right (all but hit are 1) and citing anything is wrong (all 0); when
only C is empty, all are 0. A report's *citation accuracy* is the mean of ``exact``. Links that were not given, C \\ R,
are hallucinated, each of one kind: see ``hallucinations``.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence

from schemas.artifacts import CitationDetail
from shared.text.links import find_links
from workers.scorer.documents import Documents
from workers.scorer.hallucinations import hallucinated

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_MARKER = re.compile(r"\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\](?!\()")
_OWN = re.compile(r"\[(\d{1,3})\](?::?\s*<?(?:https?|s3)://)|^\s*\[(\d{1,3})\]:", re.MULTILINE)
"""A number that the answer gives a link, or a note, of its own."""


def citations(
    answer: str, references: Iterable[str], retrieved: Sequence[str] | None, documents: Documents
) -> CitationDetail:
    """What an answer cites. ``retrieved``: URLs of the documents in the order in which they were numbered for the
    model, from 1; None where nobody knows them, and then markers such as [1] say nothing."""
    gold = {documents.resolved(url) for url in references}
    numbered = None if retrieved is None else [documents.resolved(url) for url in retrieved]
    known = documents.links([*references, *(retrieved or ())])
    cited = {documents.resolved(url) for url in find_links(answer, known)}
    if numbered is None:
        return CitationDetail(cited=sorted(cited), correct=sorted(cited & gold), missed=sorted(gold - cited))
    cited |= {_numbered(number, numbered) for number in _markers(answer)}
    return _detail(cited, gold, numbered, documents)


def values(found: CitationDetail) -> dict[str, float | None]:
    """The citation metrics of one answer by name. Without retrieved documents those that need them are None."""
    cited, both, gold = len(found.cited), len(found.correct), len(found.correct) + len(found.missed)
    abstained = not cited and not gold
    strange = None if found.hallucinated is None else len(found.hallucinated.all)
    reached = len(set(found.reachable or ()) & set(found.correct))
    return {
        "citation_precision": 1.0 if abstained else _share(both, cited),
        "citation_recall": 1.0 if abstained else _share(both, gold),
        "citation_f1": 1.0 if abstained else _share(2 * both, cited + gold),
        "citation_accuracy": float(cited == both == gold),
        "citation_hit": float(both > 0),
        "citation_reachable_recall": _share(reached, len(found.reachable)) if found.reachable else None,
        "hallucinated_answers": None if strange is None else float(strange > 0),
        "hallucinated_links": None if strange is None else _share(strange, cited),
    }


def _detail(cited: set[str], gold: set[str], numbered: Collection[str], documents: Documents) -> CitationDetail:
    given = set(numbered)
    return CitationDetail(
        cited=sorted(cited),
        correct=sorted(cited & gold),
        missed=sorted(gold - cited),
        wrong=sorted((cited & given) - gold),
        reachable=sorted(gold & given),
        unreachable=sorted(gold - given),
        hallucinated=hallucinated(cited, given, documents),
    )


def _markers(answer: str) -> list[int]:
    """Numbers that stand for given documents: not those that the answer itself lists links under."""
    prose = _CODE.sub(" ", answer)  # in code, [0] is an index
    own = {int(linked or noted) for linked, noted in _OWN.findall(prose)}
    numbers = (int(number) for marker in _MARKER.findall(prose) for number in marker.split(","))
    return [number for number in numbers if number not in own]


def _numbered(number: int, retrieved: Sequence[str]) -> str:
    """Documents count from 1. A number that points nowhere stays a citation, and a wrong one."""
    return retrieved[number - 1] if 1 <= number <= len(retrieved) else f"[{number}]"


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
