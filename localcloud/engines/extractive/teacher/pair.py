"""A question-answer pair in the making, and the places in a document that it is made from."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from localcloud.engines.extractive.candidates import Candidate, candidates, plain
from schemas.artifacts import RetrievedDocument
from shared.text.language import Language, detect_language

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Pair:
    """``kind`` is what it was made from: pairs of different kinds are mixed. ``evidence`` stands in the document."""

    kind: str
    question: str
    answer: str
    document: int
    evidence: str


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

    def quote(self, *parts: str) -> str | None:
        """Text of the page, verbatim, that holds all parts: the part itself, else its line; None when none does."""
        if len(parts) == 1 and parts[0] in self.text:
            return parts[0]
        wanted = [_squeeze(part) for part in parts]
        for line in self.text.split("\n"):
            bare = _squeeze(plain(line))
            if not line.lstrip().startswith("#") and all(part in bare for part in wanted):
                return line.strip()
        return None


def read_page(number: int, document: RetrievedDocument) -> Page:
    """A document as the teacher sees it."""
    subject = re.split(r"\s[›>|–]\s", document.title.strip())[0]
    return Page(number, subject, detect_language(document.text), document.text, candidates(document.text))


def chosen(options: Sequence[str], by: str) -> str:
    """One of some wordings, always the same for the same text: variety without chance."""
    return options[sum(by.encode()) % len(options)]


def _squeeze(text: str) -> str:
    return _SPACE.sub(" ", text).strip()
