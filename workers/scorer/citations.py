"""Citation metrics: the links of an answer against its reference links, both as sets of canonical URLs.

With C the cited and G the reference ("gold") links: precision |C∩G|/|C|, recall |C∩G|/|G|, F1 2|C∩G|/(|C|+|G|),
exact [C = G] and hit [C∩G not empty]. When G is empty, citing nothing is right (all but hit are 1) and citing anything
is wrong (all 0); when only C is empty, all are 0. The report's *citation accuracy* is the mean of ``exact``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from schemas.artifacts import CitationScore, Prediction
from shared.text.links import canonical_url, find_links

_CODE = re.compile(r"```.*?(?:```|\Z)|`[^`\n]*`", re.DOTALL)
_MARKER = re.compile(r"\[(\d{1,3}(?:\s*,\s*\d{1,3})*)\](?![(:])")


def score_citations(
    prediction: Prediction, references: Iterable[str], aliases: Mapping[str, str] | None = None
) -> CitationScore:
    """The citation metrics of one answer. ``aliases``: other URL of a document → the URL it is cited by."""
    known = known_aliases(aliases or {})
    retrieved = [resolved(document.url, known) for document in prediction.documents]
    cited = _cited(prediction.answer, retrieved, known)
    gold = {resolved(url, known) for url in references}
    return measure(cited, gold, set(retrieved))


def known_aliases(aliases: Mapping[str, str]) -> dict[str, str]:
    """Aliases and what they stand for in their canonical spelling, as ``resolved`` needs them."""
    return {_canonical(alias): _canonical(primary) for alias, primary in aliases.items()}


def resolved(url: str, known: Mapping[str, str]) -> str:
    """The canonical URL of a document, whichever of its URLs is given."""
    canonical = _canonical(url)
    return known.get(canonical, canonical)


def measure(cited: set[str], gold: set[str], retrieved: set[str]) -> CitationScore:
    """The metrics of two sets; ``hallucinated`` counts links that the model was never shown."""
    both = len(cited & gold)
    abstained = not cited and not gold
    return CitationScore(
        precision=1.0 if abstained else _share(both, len(cited)),
        recall=1.0 if abstained else _share(both, len(gold)),
        f1=1.0 if abstained else _share(2 * both, len(cited) + len(gold)),
        exact=float(cited == gold),
        hit=float(both > 0),
        cited=sorted(cited),
        hallucinated=len(cited - retrieved),
    )


def _cited(answer: str, retrieved: Sequence[str], known: Mapping[str, str]) -> set[str]:
    """Links of an answer; when it has none, what its ``[n]`` markers point to among the numbered documents."""
    links = {resolved(url, known) for url in find_links(answer)}
    return links or {_numbered(number, retrieved) for number in _markers(answer)}


def _markers(answer: str) -> list[int]:
    prose = _CODE.sub(" ", answer)  # in code, [0] is an index
    return [int(number) for marker in _MARKER.findall(prose) for number in marker.split(",")]


def _numbered(number: int, retrieved: Sequence[str]) -> str:
    """Documents count from 1. A number that points nowhere stays a citation, and a wrong one."""
    return retrieved[number - 1] if 1 <= number <= len(retrieved) else f"[{number}]"


def _canonical(url: str) -> str:
    try:
        return canonical_url(url)
    except ValueError:
        return url  # a link that no URL parser accepts, such as http://[half, is cited as it stands


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 0.0
