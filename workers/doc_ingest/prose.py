"""Prose into sentences that a chunk may end after: links and wrapped lines are seen to."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from shared.text.sentences import split_sentences
from workers.doc_ingest.pieces import fits
from workers.doc_ingest.wrapping import wrapped_at

_LINK = re.compile(r"!?\[[^\]\n]*\]\([^)\n]*\)|<https?://[^>\s]+>")


Split = Callable[[str], Sequence[tuple[int, int]]]
"""Spans of a text's sentences, in order; a line end always ends one."""


def sentence_spans(text: str, max_tokens: int, split: Split = split_sentences) -> Iterator[tuple[int, int]]:
    """Sentences. A link is never cut, nor a sentence at the end of a wrapped line; but a run of lines over the budget
    without an end is no sentence."""
    wraps = wrapped_at(text)
    pending: list[tuple[int, int]] = []
    for start, end in _link_safe(text, split):
        pending.append((start, end))
        if end not in wraps:
            yield from _together(text, pending, max_tokens)
            pending = []
    yield from _together(text, pending, max_tokens)


def _link_safe(text: str, split: Split) -> Iterator[tuple[int, int]]:
    """Sentences, those that a link spans taken together."""
    links = [match.span() for match in _LINK.finditer(text)]
    place, begin = 0, None
    for start, end in split(text):
        begin = start if begin is None else begin
        while place < len(links) and links[place][1] <= end:
            place += 1
        if place == len(links) or links[place][0] >= end:
            yield begin, end
            begin = None
    if begin is not None:
        yield begin, len(text.rstrip())


def _together(text: str, spans: list[tuple[int, int]], max_tokens: int) -> Iterator[tuple[int, int]]:
    """The lines of one sentence as one span, or each by itself where that is over the budget."""
    if spans and (len(spans) == 1 or fits(text, spans[0][0], spans[-1][1], max_tokens)):
        yield spans[0][0], spans[-1][1]
    else:
        yield from spans
