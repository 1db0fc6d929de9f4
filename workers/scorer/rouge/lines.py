"""Lines of texts, which summary-level ROUGE-L takes for sentences."""

from __future__ import annotations

LINE = "|"
"""Stands where a line ends, among tokens and among the characters that stand for tokens; no token has it."""


def lines(text: str) -> list[str]:
    """Those that have a token."""
    return [line for line in text.split(LINE) if line]


def several(reference: str, answer: str) -> bool:
    """Whether one of them may have more than one line; else summary-level ROUGE-L is ROUGE-L."""
    return LINE in reference or LINE in answer


def flat(text: str) -> str:
    """The text as one line."""
    return text.replace(LINE, "")
