"""A question-answer pair in the making, and the places in a document that it is made from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

from localcloud.engines.extractive.candidates import Candidate, candidates, plain
from schemas.artifacts import RetrievedDocument
from shared.text.language import Language, detect_language

Type = Literal["fact", "definition", "procedure", "comparison", "table", "troubleshooting", "multi_hop"]
Level = Literal["easy", "medium", "hard"]
_SPACE = re.compile(r"\s+")
_MOST_LINES = 30


@dataclass(frozen=True)
class Quote:
    """Words of a document, verbatim."""

    document: int
    text: str


@dataclass(frozen=True)
class Pair:
    """``types``: what the question may count as, its own type first. ``questions``: wordings that ask the same.

    ``quotes``, one a document, hold what the answer says.
    """

    types: tuple[Type, ...]
    questions: tuple[str, ...]
    answer: str
    quotes: tuple[Quote, ...]
    level: Level = "easy"


@dataclass(frozen=True)
class Page:
    """One given document, read: its number from 1, subject, language and pieces."""

    number: int
    subject: str
    language: Language
    text: str
    pieces: tuple[Candidate, ...]

    def blocks(self) -> Iterator[list[Candidate]]:
        """The pieces, grouped by list, table, code block or paragraph."""
        for number in sorted({piece.block for piece in self.pieces}):
            yield [piece for piece in self.pieces if piece.block == number]

    def quote(self, *parts: str) -> tuple[Quote, ...]:
        """The page's words, verbatim, that hold all parts: the part itself, else the fewest lines; () when none do."""
        if len(parts) == 1 and parts[0] in self.text:
            return (Quote(self.number, parts[0]),)
        wanted = [_squeeze(part) for part in parts]
        found = [span for start in range(len(self._plain)) if (span := self._span(start, wanted))]
        if not found:
            return ()
        first, last = min(found, key=lambda span: (span[1] - span[0], span))
        return (Quote(self.number, "\n".join(self._lines[first : last + 1]).strip()),)

    @cached_property
    def _lines(self) -> list[str]:
        return self.text.split("\n")

    @cached_property
    def _plain(self) -> list[str]:
        return [_squeeze(plain(line)) for line in self._lines]

    @cached_property
    def _headings(self) -> frozenset[int]:
        fenced, found = False, set[int]()
        for number, line in enumerate(self._lines):
            if line.lstrip().startswith(("```", "~~~")):
                fenced = not fenced
            elif line.startswith("#") and not fenced:
                found.add(number)
        return frozenset(found)

    def _span(self, start: int, wanted: Sequence[str]) -> tuple[int, int] | None:
        """The lines from ``start`` on that hold all parts: no heading among them."""
        joined = ""
        for last in range(start, min(start + _MOST_LINES, len(self._plain))):
            if last in self._headings:
                return None
            joined = f"{joined} {self._plain[last]}".strip()
            if all(part in joined for part in wanted):
                return start, last
        return None


def read_page(number: int, document: RetrievedDocument) -> Page:
    """A document as the teacher sees it."""
    subject = re.split(r"\s[›>|–]\s", document.title.strip())[0]
    return Page(number, subject, detect_language(document.text), document.text, candidates(document.text))


def turned(options: Sequence[str], by: str) -> tuple[str, ...]:
    """The same wordings, another one first for another text: variety without chance."""
    start = sum(by.encode()) % len(options)
    return tuple(dict.fromkeys((*options[start:], *options[:start])))


def _squeeze(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
