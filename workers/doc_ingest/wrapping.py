"""Where a line of plain text was wrapped, and where its writer ended it: only the second ends a sentence."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

from shared.text.language import HANGUL

MIN_WIDTH, MAX_WIDTH = 40, 160
"""Columns of text that somebody wrapped. Shorter lines are lists and verses, longer ones were not wrapped."""
SLACK = 0.9
"""A line that its next word would have filled to this share of the width was wrapped there."""

_LINE = re.compile(r"[^\n]+")
_WIDE = re.compile(f"[{HANGUL}\u3000-\u303f\u4e00-\u9fff\uff01-\uff60]")
_ENDED = re.compile(r"[.!?…。:;][\"'”’)\\]]*$|\S[ \t]{2,}\S|\t|^\s*\|")
_STARTS = re.compile(r"\s*(?:[-*•·#>|]|\d{1,3}[.)]\s|[a-zA-Z가-힣][.)]\s|\S+:\s)")


def wrapped_at(text: str) -> set[int]:
    """Offsets of the line ends at which a sentence may go on. Empty for text that is not wrapped.

    A line was wrapped when its successor's first word would not have fitted in, it ends like no sentence, holds no
    columns, and its successor starts like no list item or ``Name: value``.
    """
    lines = [match.span() for match in _LINE.finditer(text)]
    if len(lines) < 2 or max(end - start for start, end in lines) > MAX_WIDTH:
        return set()
    width = max(_columns(text[start:end]) for start, end in lines)
    return set(_wrapped(text, lines, width)) if MIN_WIDTH <= width <= MAX_WIDTH else set()


def _wrapped(text: str, lines: list[tuple[int, int]], width: int) -> Iterator[int]:
    for (start, end), (after, stop) in pairwise(lines):
        line, following = text[start:end], text[after:stop]
        word = following.split(maxsplit=1)[0] if following.strip() else ""
        full = _columns(line.rstrip()) + 1 + _columns(word) > SLACK * width
        if word and full and not _ENDED.search(line.rstrip()) and not _STARTS.match(following):
            yield end


def _columns(text: str) -> int:
    return len(text) + len(_WIDE.findall(text))
