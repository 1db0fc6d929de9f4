"""Pairs from sentences whose wording tells what could be asked: conditions, definitions, durations, limits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localcloud.engines.extractive.teacher import statements_english, statements_korean
from localcloud.engines.extractive.teacher.pair import Page, Pair
from localcloud.engines.extractive.teacher.phrases import lower_first, placed

VAGUE = re.compile(
    r"^(?:it|its|they|their|them|this|that|these|those|there|he|she|we|you|one|each|both|all|some|such|otherwise|then"
    r"|the (?:last|first|second|former|latter|following|above|next|same|other)|see|also|an? \w+ of)\b"
    r"|^(?:이|그|저|이때|그때|여기|위|아래|다음|이런|그런|해당|같은|또|다만|단|각|모든)(?:[은는이가를을의에]|\s)",
    re.IGNORECASE,
)
"""Beginnings that only the sentence before explains."""
_SHORTEST, _LONGEST = 25, 320


def from_sentences(page: Page) -> Iterator[Pair]:
    """Pairs of the sentences that some pattern understands; the rest give none."""
    for piece in page.pieces:
        text = piece.text
        usable = piece.kind == "sentence" and _SHORTEST <= len(text) <= _LONGEST and not text.endswith(("?", ":"))
        if not usable or VAGUE.match(text):
            continue
        asked = _ask(text, page)
        evidence = page.quote(text)
        if asked and evidence:
            yield Pair(asked[0], placed(asked[1], page, piece.heading), text, page.number, evidence)


def _ask(text: str, page: Page) -> tuple[str, str] | None:
    """The kind of question, and the question."""
    if page.language == "ko":
        return statements_korean.ask(text)
    asked = statements_english.ask(text, lambda part: lower_first(part, page))
    return None if asked is None or VAGUE.match(asked.subject) else (asked.kind, asked.question)
