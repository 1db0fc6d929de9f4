"""One pair at a time: for so little, arrays cost more than they save."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from workers.scorer.rouge.lcs import common_length
from workers.scorer.rouge.lines import flat, lines, several
from workers.scorer.rouge.prf import Prf, prf
from workers.scorer.rouge.types import ngram_lengths
from workers.scorer.rouge.union_lcs import union_hits


def score_pair(types: Sequence[str], reference: str, answer: str) -> dict[str, Prf]:
    """Type → scores of two encoded texts."""
    ours, theirs = flat(reference), flat(answer)
    subsequence = common_length(ours, theirs)
    found = {
        name: prf(_common_ngrams(ours, theirs, n), max(len(ours) - n + 1, 0), max(len(theirs) - n + 1, 0))
        for name, n in ngram_lengths(types).items()
    }
    found["rougeL"] = found["rougeLsum"] = prf(subsequence, len(ours), len(theirs))
    if "rougeLsum" in types and several(reference, answer):
        found["rougeLsum"] = prf(union_hits(lines(reference), lines(answer)), len(ours), len(theirs))
    return {name: found[name] for name in types}


def _common_ngrams(reference: str, answer: str, n: int) -> int:
    """How many n-grams both have: of each as many as the poorer text."""
    ours, theirs = _ngrams(reference, n), _ngrams(answer, n)
    return sum(min(count, theirs[gram]) for gram, count in ours.items() if gram in theirs)


def _ngrams(text: str, n: int) -> Counter[str]:
    return Counter(text[start : start + n] for start in range(len(text) - n + 1))
