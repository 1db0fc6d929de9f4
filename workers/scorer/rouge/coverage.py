"""How much of the texts a tokenizer sees at all, and which are too short for an n-gram."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from workers.scorer.rouge.preparing import words_only
from workers.scorer.rouge.tokenizers import Tokenizer

MIN_COVERAGE = 0.95
"""Share of letters and digits that a tokenizer must keep for its scores to say anything about the texts."""


def coverage(tokenizer: Tokenizer, texts: Iterable[str]) -> float:
    """Letters and digits that the tokenizer keeps, as a share of all that the texts have; 1 when they have none."""
    kept = total = 0
    for text in texts:
        kept += tokenizer.kept(text)
        total += sum(map(str.isalnum, text.lower()))
    return kept / total if total else 1.0


def shorter_than(tokenizer: Tokenizer, texts: Sequence[str], n: int) -> int:
    """How many texts have fewer than ``n`` tokens: their ROUGE-n is 0 whatever is answered."""
    return sum(len(tokenizer(words_only(text))) < n for text in texts)
