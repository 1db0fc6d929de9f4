"""Sentences of a Korean or English text, as spans into it.

A sentence ends at ``.``, ``!``, ``?`` or ``…`` (with closing quotes or brackets) before white space, and at every
line end. Not at: abbreviations, single initials, numbered-list markers, or inside inline code and links.
"""

from __future__ import annotations

import re
from collections import deque

_ABBREVIATIONS = frozenset(
    [
        "e.g",
        "i.e",
        "etc",
        "vs",
        "cf",
        "approx",
        "no",
        "fig",
        "sec",
        "dr",
        "mr",
        "mrs",
        "ms",
        "prof",
        "inc",
        "ltd",
        "co",
        "corp",
        "st",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
    ]
)
_END = re.compile(r"[.!?…。]+[\"'”’)\]]*(?=\s|$)")
_PROTECTED = re.compile(r"`[^`\n]*`|\]\([^)\n]*\)|https?://\S+")
_LIST_MARKER = re.compile(r"(?:^|\n)\s*(?:\d{1,3}|[a-zA-Z가-힣])[.]$")
_LOOK_BACK = 80
"""Characters before a full stop that are looked at: a longer word is no abbreviation."""
_WORD = re.compile(r"[\w.]+$")


def split_sentences(text: str) -> list[tuple[int, int]]:
    """Spans (start, end) of the sentences, in order, without surrounding white space. Empty text has none."""
    spans: list[tuple[int, int]] = []
    for line in re.finditer(r"[^\n]+", text):
        spans.extend(_split_line(text, line.start(), line.end()))
    return spans


def sentences(text: str) -> list[str]:
    """The sentences themselves."""
    return [text[start:end] for start, end in split_sentences(text)]


def protected_spans(text: str, start: int = 0, end: int | None = None) -> list[tuple[int, int]]:
    """Inline code and addresses, in which no sentence ends."""
    return [m.span() for m in _PROTECTED.finditer(text, start, len(text) if end is None else end)]


def _split_line(text: str, start: int, end: int) -> list[tuple[int, int]]:
    protected = deque(protected_spans(text, start, end))
    spans = []
    begin = start
    for match in _END.finditer(text, start, end):
        place, stop = match.span()
        while protected and protected[0][1] - 1 <= place:
            protected.popleft()
        inside = protected and protected[0][0] <= place
        if inside or not _ends_sentence(text[max(begin, stop - _LOOK_BACK) : stop]):
            continue
        spans.append((begin, stop))
        begin = stop
    spans.append((begin, end))
    return [trimmed for span in spans if (trimmed := _trim(text, *span)) is not None]


def _ends_sentence(head: str) -> bool:
    """Whether the text so far (its last ``_LOOK_BACK`` characters are enough) ends a sentence."""
    if not head.endswith("."):
        return True
    if _LIST_MARKER.search("\n" + head.lstrip()):
        return False
    word = _WORD.search(head[:-1])
    stem = word.group().lower() if word else ""
    return stem not in _ABBREVIATIONS and not (len(stem) == 1 and stem.isalpha() and stem.isascii())


def _trim(text: str, start: int, end: int) -> tuple[int, int] | None:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return (start, end) if start < end else None
