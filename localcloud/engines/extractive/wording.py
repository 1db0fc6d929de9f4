"""Pieces put into words: a table row as a sentence about what was asked, a command with what introduces it."""

from __future__ import annotations

import re

from localcloud.engines.extractive.candidates import Candidate
from localcloud.engines.extractive.korean import with_particle
from localcloud.engines.extractive.questions import read_question
from localcloud.engines.extractive.terms import content_terms
from shared.text.language import detect_language

_SENTENCE_LIKE = re.compile(r"(?:다|요|오|음|함|됨)[.!?]?$|[.!?]$|^[^가-힣]*[a-z]+(?:ed|ing)\b.*\s", re.IGNORECASE)
_NUMBER = re.compile(r"\W{0,2}\d")
_MARKS = re.compile(r"^(?:[-–—]|yes|no|n/a|없음|예|아니요)?$", re.IGNORECASE)


def put_into_words(candidate: Candidate, question: str) -> str:
    """The piece as an answer would say it; only rows depend on the question."""
    if candidate.kind == "row":
        return _row(candidate, content_terms(question), "number" in read_question(question).types)
    return candidate.text


def asked_columns(candidate: Candidate, asked: frozenset[str], number: bool) -> list[int]:
    """Columns of a row that answer: those whose header the question names; else those that begin with a number,
    when one is asked for; else all but the first."""
    filled = [i for i, cell in enumerate(candidate.cells) if cell and i < len(candidate.headers)]
    shares = {i: _share(candidate.headers[i], asked) for i in filled if not _known(candidate.cells[i], asked)}
    best = max(shares.values(), default=0.0)
    named = [i for i, share in shares.items() if share > 0.3 and share >= best - 0.2]
    numbers = [i for i in filled if number and i != 0 and _NUMBER.match(candidate.cells[i])]
    return named or numbers or [i for i in filled if i != 0]


def _row(candidate: Candidate, asked: frozenset[str], number: bool) -> str:
    cells, headers = candidate.cells, candidate.headers
    if not headers or len(cells) < 2:
        return " – ".join(cell for cell in cells if cell)
    columns = asked_columns(candidate, asked, number)
    korean = detect_language(" ".join((*headers, *cells))) == "ko"
    if len(columns) == 1 and columns[0] != 0 and cells[0]:
        return _value(cells[0], headers[columns[0]], cells[columns[0]], korean)
    pairs = " ".join(f"{headers[i]}: {cells[i].rstrip('.')}." for i in columns if i != 0)
    if columns == [0] or not pairs:
        return _name(candidate, asked, korean)
    return f"{cells[0]} – {pairs}" if cells[0] else pairs


def _value(name: str, header: str, value: str, korean: bool) -> str:
    if _MARKS.match(value) or _SENTENCE_LIKE.search(value):
        return f"{name} – {header}: {value}"
    if korean:
        return f"{name}의 {with_particle(header, '은')} {value}입니다."
    return f"The {_common(header)} for {name} is {_lower_first(value)}."


def _name(candidate: Candidate, asked: frozenset[str], korean: bool) -> str:
    """The row's name is what was asked: say it with the cell that the question describes."""
    cells, headers = candidate.cells, candidate.headers
    told = max(range(1, len(cells)), key=lambda i: (_share(cells[i], asked), -i))
    return f"{cells[0]} – {headers[told]}: {cells[told]}" if told < len(headers) else cells[0]


def _share(text: str, asked: frozenset[str]) -> float:
    terms = content_terms(text)
    return len(terms & asked) / len(terms) if terms else 0.0


def _known(cell: str, asked: frozenset[str]) -> bool:
    return _share(cell, asked) >= 0.6


def _common(header: str) -> str:
    """A header inside a sentence: a common noun, unless it is an acronym."""
    return header[:1].lower() + header[1:] if header.split(" ", 1)[0][1:].islower() else header


def _lower_first(text: str) -> str:
    """Lower-case start inside a sentence, unless the first word is a name, a code or an acronym."""
    first = text.split(" ", 1)[0]
    ordinary = first[:1].isupper() and first[1:].islower() and first.isalpha() and len(text.split()) > 1
    return text[:1].lower() + text[1:] if ordinary else text
