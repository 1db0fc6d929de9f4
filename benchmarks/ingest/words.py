"""How much of what one reader finds another finds, too: words as multisets, so that order and layout do not count."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable

_WORD = re.compile(r"[^\W_]+")
_HYPHENATED = re.compile(r"(?<=[^\W\d_])[-\u2010\u00ad]\s*\n\s*(?=[^\W\d_])")


def words(text: str) -> Counter[str]:
    """Words of a text in NFKC, case folded. A word that a line end divides is one."""
    return Counter(_WORD.findall(unicodedata.normalize("NFKC", _HYPHENATED.sub("", text)).casefold()))


def recall(reference: Counter[str], found: Counter[str]) -> float:
    """Share of the reference's words that were found, each as often as it stands there; 1 for an empty reference."""
    total = reference.total()
    return (reference & found).total() / total if total else 1.0


def pooled(pairs: Iterable[tuple[Counter[str], Counter[str]]]) -> float:
    """Recall over all words of all (reference, found) pairs: long documents count more than short ones."""
    taken = list(pairs)
    total = sum(reference.total() for reference, _ in taken)
    return sum((reference & found).total() for reference, found in taken) / total if total else 1.0


def precision(pairs: Iterable[tuple[Counter[str], Counter[str]]]) -> float:
    """The share of all words found that stand in the reference, too: text given twice lowers it."""
    return pooled((found, reference) for reference, found in pairs)
