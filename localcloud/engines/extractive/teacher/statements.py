"""Pairs from sentences whose wording tells what could be asked: conditions, definitions, durations, limits."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localcloud.engines.extractive.teacher import statements_english, statements_korean
from localcloud.engines.extractive.teacher.pair import Page, Pair, Quote, Type
from localcloud.engines.extractive.teacher.phrases import lower_first, placed

VAGUE = re.compile(
    r"^(?:it|its|they|their|them|this|that|these|those|there|he|she|we|you|one|each|both|all|some|such|otherwise|then"
    r"|the (?:last|first|second|former|latter|following|above|next|same|other)|see|also|an? \w+ of"
    r"|on the other hand|as a result|for example|in this)\b"
    r"|^(?:이|그|저|이때|그때|여기|위|아래|다음|이런|그런|해당|같은|또|다만|단|각|모든)(?:[은는이가를을의에]|\s)|^(?:반면|반대로|또한|따라서|그러나|하지만|특히|그래서|즉|참고로|예를)",
    re.IGNORECASE,
)
"""Beginnings that only the sentence before explains."""
_SHORTEST, _LONGEST = 18, 320
_BROKEN = re.compile(r"^(\w+) \1\b|^\W{0,2}[a-z가-힣]?\s?[:|]|\.\.\.|\s={1,2}\s|^\d+\s*$")


def from_sentences(page: Page) -> Iterator[Pair]:
    """Pairs of the sentences that some pattern understands; the rest give none.

    Where the next sentence goes on about the same, the pair comes a second time with both in its answer.
    """
    for place, piece in enumerate(page.pieces):
        text = piece.text
        usable = piece.kind in ("sentence", "item") and _SHORTEST <= len(text) <= _LONGEST and text.endswith(".")
        if not usable or VAGUE.match(text) or _BROKEN.search(text):
            continue
        asked = statements_korean.ask(text) if page.language == "ko" else _english(text, page)
        quotes = page.quote(text)
        if asked and quotes:
            questions = tuple(placed(question, page, piece.heading) for question in asked[1])
            yield Pair(asked[0], questions, text, quotes)
            if longer := _longer(page, place):
                yield Pair(asked[0], questions, longer[0], longer[1], "medium")


def _english(text: str, page: Page) -> tuple[tuple[Type, ...], tuple[str, ...]] | None:
    asked = statements_english.ask(text, lambda part: lower_first(part, page))
    return None if asked is None or VAGUE.match(asked.subject) else (asked.types, asked.questions)


def _longer(page: Page, place: int) -> tuple[str, tuple[Quote, ...]] | None:
    """The sentence with the one after it, and the words that hold both."""
    if place + 1 >= len(page.pieces):
        return None
    this, following = page.pieces[place], page.pieces[place + 1]
    if following.kind != "sentence" or following.block != this.block or not following.text.endswith("."):
        return None
    quotes = page.quote(this.text, following.text)
    return (f"{this.text} {following.text}", quotes) if quotes else None
