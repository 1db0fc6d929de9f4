"""Who asks: a persona picks one of the wordings that ask the same, and a formal one is among the Korean ones."""

from __future__ import annotations

from collections.abc import Sequence

from localcloud.engines.extractive.teacher.korean_endings import formal


def wordings(questions: Sequence[str]) -> tuple[str, ...]:
    """All ways in which any persona would put a question; the first is nobody's in particular."""
    return tuple(dict.fromkeys((*questions, *(formal(question) for question in questions))))


def worded_for(persona: str, questions: Sequence[str]) -> str:
    """The wording of a persona, always the same; no persona takes the first."""
    ways = wordings(questions)
    return ways[sum(persona.encode()) % len(ways)] if persona else ways[0]
