"""Where a quote stands in its text, and the text around it. Pure.

A quote stands where it stands but for white space and for how characters are put together (NFC), as evidence is
compared when samples are filtered.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

ELLIPSIS = "…"
_BLANK = re.compile(r"\s+")
_WORD_EDGE = 24
"""Characters that a cut may move by, so as not to cut a word."""

Span = tuple[int, int]


@dataclass(frozen=True)
class Piece:
    """A part of a text, ``marked`` where a quote stands."""

    text: str
    marked: bool = False


def squeeze(text: str) -> str:
    """White space made equal, and one form for each character: a quote may cross a line break."""
    return _BLANK.sub(" ", unicodedata.normalize("NFC", text)).strip()


def find_quote(quote: str, text: str) -> Span | None:
    """Start and end of the quote's first place in the text; None where it does not stand, or is empty."""
    wanted = squeeze(quote)
    if not wanted:
        return None
    letters, places = _squeezed(text)
    at = letters.find(wanted)
    return None if at < 0 else (places[at][0], places[at + len(wanted) - 1][1])


def highlighted(text: str, spans: Iterable[Span]) -> list[Piece]:
    """The text in pieces that join to it again, marked where a span is; spans may overlap."""
    pieces, at = [], 0
    for start, end in _merged(spans):
        pieces += [Piece(text[at:start]), Piece(text[start:end], marked=True)]
        at = end
    return [piece for piece in [*pieces, Piece(text[at:])] if piece.text]


def around(pieces: Sequence[Piece], context: int) -> list[Piece]:
    """The marked pieces with at most about ``context`` characters on each side, ``…`` where something is left out.

    Without any mark, the beginning of the text.
    """
    if not any(piece.marked for piece in pieces):
        return [Piece(_head("".join(piece.text for piece in pieces), 2 * context))]
    marks = [place for place, piece in enumerate(pieces) if piece.marked]
    return [
        piece if piece.marked else Piece(_between(piece.text, context, place > marks[0], place < marks[-1]))
        for place, piece in enumerate(pieces)
    ]


def _between(text: str, context: int, follows: bool, leads: bool) -> str:
    """A piece without mark: its end alone before the first mark, its beginning alone after the last."""
    if follows and leads:
        return text if len(text) <= 2 * context else f"{_head(text, context)} {_tail(text, context)[1:].lstrip()}"
    return _head(text, context) if follows else _tail(text, context)


def _head(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    edge = text.rfind(" ", length - _WORD_EDGE if length > _WORD_EDGE else 0, length)
    return text[: edge if edge > 0 else length].rstrip() + ELLIPSIS


def _tail(text: str, length: int) -> str:
    if len(text) <= length:
        return text
    start = len(text) - length
    edge = text.find(" ", start, start + min(_WORD_EDGE, length))
    return ELLIPSIS + text[edge if edge >= 0 else start :].lstrip()


def _merged(spans: Iterable[Span]) -> list[Span]:
    merged: list[Span] = []
    for start, end in sorted(spans):
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(end, merged[-1][1]))
        else:
            merged.append((start, end))
    return merged


def _squeezed(text: str) -> tuple[str, list[Span]]:
    """The text in NFC, each run of white space one space; and for each of its characters where it comes from."""
    letters: list[str] = []
    places: list[Span] = []
    for start, end in _clusters(text):
        composed = " " if text[start].isspace() else unicodedata.normalize("NFC", text[start:end])
        letters += composed
        places += [(start, end)] * len(composed)
    return "".join(letters), places


def _clusters(text: str) -> Iterable[Span]:
    """Runs of white space, and characters each with the marks and the Hangul parts that compose with it."""
    start = 0
    for at in range(1, len(text)):
        if not _continues(text[at - 1], text[at]):
            yield start, at
            start = at
    if text:
        yield start, len(text)


def _continues(before: str, char: str) -> bool:
    if before.isspace() or char.isspace():
        return before.isspace() and char.isspace()
    return unicodedata.combining(char) > 0 or "\u1160" <= char <= "\u11ff"
