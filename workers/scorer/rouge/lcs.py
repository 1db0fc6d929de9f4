"""Length of the longest common subsequence of tokens, by rapidfuzz's bit-parallel algorithm (Hyyrö 2004)."""

from __future__ import annotations

from rapidfuzz.distance import LCSseq


def common_length(reference: str, answer: str) -> int:
    """Texts are strings in which each character is a token."""
    return LCSseq.similarity(reference, answer)
