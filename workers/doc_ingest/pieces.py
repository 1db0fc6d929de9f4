"""What to do with one piece of text that is larger than models take: cut it where that does least harm."""

from __future__ import annotations

from collections.abc import Iterator

from shared.text.tokens import estimate_tokens

LONGEST_TOKENS = 6000
"""Estimated tokens that stay in one piece whatever they are: embedding models end at 8,192."""


def pieces(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """The span in parts of at most ``LONGEST_TOKENS``, each cut at its last line end, else at its last white space."""
    while not fits(text, start, end, LONGEST_TOKENS):
        stop = start + _taken(text[start : min(end, start + 4 * LONGEST_TOKENS)])
        half = (start + stop) // 2
        cuts = (text.rfind("\n", half, stop), text.rfind(" ", half, stop))
        last = next((cut for cut in cuts if cut > start), stop)
        yield start, last
        start = last + 1 if last < stop else last
    yield start, end


def fits(text: str, start: int, end: int, max_tokens: int) -> bool:
    """Whether a span keeps to ``max_tokens``; of a long one not every character is looked at."""
    return end - start <= 4 * max_tokens and estimate_tokens(text[start:end]) <= max_tokens


def _taken(text: str) -> int:
    """Characters of the text, at its start, that keep to ``LONGEST_TOKENS``."""
    size = LONGEST_TOKENS * 4
    while estimate_tokens(text[:size]) > LONGEST_TOKENS:
        size = size * 3 // 4
    return size
