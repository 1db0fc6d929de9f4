"""What the ranker sees of a piece: numbers between about -1 and 2, each with a name."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from localcloud.engines.extractive.meaning import likeness
from localcloud.engines.extractive.pool import Piece, Pool
from localcloud.engines.extractive.terms import view

Matrix = npt.NDArray[np.float64]

NAMES = (
    "coverage",
    "coverage_relative",
    "precision",
    "pairs",
    "grams",
    "heading",
    "title",
    "with_heading",
    "lead",
    "rank_first",
    "rank",
    "document_best",
    "opening",
    "position",
    "length",
    "short",
    "long",
    "before",
    "after",
    "item",
    "step",
    "row",
    "code",
    "number_digits",
    "when_digits",
    "command_code",
    "command_marks",
    "procedure_step",
    "procedure_item",
    "definition_is",
    "reason_because",
    "several_list",
    "row_number",
    "introduces",
    "asks",
    "fragment",
    "names",
    "under_best_heading",
    "beyond_title",
    "about_page",
    "row_name",
    "meaning",
    "pairs_relative",
    "grams_relative",
    "precision_relative",
    "with_heading_relative",
    "heading_relative",
    "beyond_title_relative",
)
"""Order of the columns. The names are the keys of stored weights."""
_RELATIVE = [NAMES.index(name.removesuffix("_relative")) for name in NAMES[-6:]]
"""Columns that the last ones show as shares of the best piece's value, as ``coverage_relative`` shows coverage."""

_DIGIT = re.compile(r"\d")
_CLOCK = re.compile(
    r"\d{1,2}:\d\d|\b\d{4}\b|\b\d+ ?(?:days?|hours?|minutes?|months?)\b|\d+\s*(?:일|시|월|분|개월"
    r"|시간)"
)
_REASON = re.compile(
    r"\b(?:because|since|due to|so that|caused by|therefore|as a result)\b|때문|원인|위해|위하여"
    r"|따라서|므로",
    re.I,
)
_IS = re.compile(r"\b(?:is|are|means|refers to)\b|(?:입니다|이다|뜻합니다|말합니다|의미합니다)", re.I)
_INTRODUCES = re.compile(r"[:：]$")
_ENDS = re.compile(r"[.!?…。]['\"”’)\]]*$|(?:다|요|오|함|음|됨)$")
_ABOUT = re.compile(
    r"^(?:this|the) (?:\w+ )?(?:page|document|guide|manual|section|chapter|article|table|reference)\b"
    r"|^(?:이|본) (?:문서|페이지|안내|장|절|표)|.*(?:안내입니다|문서입니다|정리합니다|설명합니다"
    r"|다룹니다)\.$",
    re.I,
)
_NAME = re.compile(r"`[^`]+`|\b\w*(?:[A-Z]\w*[A-Z0-9]|[A-Z0-9]+[-_]\d+|\d+[A-Za-z]+|[a-z]+[-_.]\w+)\w*\b")


def features(pool: Pool) -> Matrix:
    """One row per piece of the pool, one column per name."""
    if not pool.pieces:
        return np.zeros((0, len(NAMES)))
    own = np.asarray(_rows(pool))
    alike = likeness(pool.question.text, [piece.candidate.text for piece in pool.pieces])
    relative = own[:, _RELATIVE]
    best = relative.max(axis=0)
    return np.column_stack([own, alike, relative / np.where(best > 0, best, 1.0)])


def _rows(pool: Pool) -> list[list[float]]:
    """All columns that a piece, its document and the question give by themselves."""
    coverage = _coverage(pool)
    best = max(coverage) or 1.0
    headings = _shares(pool, [piece.candidate.heading for piece in pool.pieces])
    titles = _shares(pool, [document.title for document in pool.documents])
    tops = [0.0] * len(pool.documents)
    for piece, value in zip(pool.pieces, coverage, strict=True):
        tops[piece.document] = max(tops[piece.document], value)
    sizes = Counter(piece.document for piece in pool.pieces)
    names = frozenset(name.strip("`").lower() for name in _NAME.findall(pool.question.text))
    best_heading, best_document, beyond = max(headings), max(tops) or 1.0, _beyond_title(pool)
    rows = []
    for i, piece in enumerate(pool.pieces):
        shared = _lexical(pool, piece, coverage[i], best)
        around = _around(pool, piece, headings[i], titles[piece.document])
        rows.append(
            [
                *shared,
                *around,
                float(piece.document == 0),
                1 / (1 + piece.document),
                tops[piece.document] / best_document,
                float(piece.candidate.place == 0),
                piece.candidate.place / sizes[piece.document],
                *_length(piece),
                _near(pool, i, coverage, -1),
                _near(pool, i, coverage, 1),
                *_kinds(pool, piece),
                _names(piece, names),
                float(best_heading > 0 and headings[i] == best_heading),
                beyond[i],
                float(bool(_ABOUT.match(piece.wording))),
                _row_name(pool, piece),
            ]
        )
    return rows


def _coverage(pool: Pool) -> list[float]:
    asked = pool.question_terms
    total = pool.weight(asked) or 1.0
    return [pool.weight(piece.view.content & asked) / total for piece in pool.pieces]


def _beyond_title(pool: Pool) -> list[float]:
    """Coverage of what the question asks about a subject: its terms without those of the page's title."""
    asked = [pool.question_terms - view(document.title).content for document in pool.documents]
    totals = [pool.weight(terms) or 1.0 for terms in asked]
    return [pool.weight(piece.view.content & asked[piece.document]) / totals[piece.document] for piece in pool.pieces]


def _lexical(pool: Pool, piece: Piece, coverage: float, best: float) -> list[float]:
    asked = view(pool.question.text)
    own = pool.weight(piece.view.content) or 1.0
    precision = pool.weight(piece.view.content & asked.content) / own
    pairs = len(piece.view.pairs & asked.pairs) / (len(asked.pairs) or 1)
    grams = len(piece.view.grams & asked.grams) / math.sqrt((len(piece.view.grams) or 1) * (len(asked.grams) or 1))
    return [coverage, coverage / best, precision, pairs, grams]


def _around(pool: Pool, piece: Piece, heading: float, title: float) -> list[float]:
    asked = pool.question_terms
    total = pool.weight(asked) or 1.0
    above = view(piece.candidate.heading).content | view(pool.documents[piece.document].title).content
    together = pool.weight((piece.view.content | above) & asked) / total
    lead = pool.weight(view(piece.candidate.lead).content & asked) / total
    return [heading, title, together, lead]


def _shares(pool: Pool, texts: Sequence[str]) -> list[float]:
    asked = pool.question_terms
    total = pool.weight(asked) or 1.0
    known = {text: pool.weight(view(text).content & asked) / total for text in set(texts)}
    return [known[text] for text in texts]


def _near(pool: Pool, place: int, coverage: Sequence[float], step: int) -> float:
    other = place + step
    inside = 0 <= other < len(pool.pieces) and pool.pieces[other].document == pool.pieces[place].document
    return coverage[other] if inside else 0.0


def _length(piece: Piece) -> list[float]:
    size = len(piece.view.terms)
    return [math.log1p(size) / 4, float(size < 4), float(size > 45)]


def _kinds(pool: Pool, piece: Piece) -> list[float]:
    types, kind, text = pool.question.types, piece.candidate.kind, piece.wording
    digits, marks = bool(_DIGIT.search(text)), "`" in text
    return [
        float(value)
        for value in (
            kind == "item",
            kind == "step",
            kind == "row",
            kind == "code",
            "number" in types and digits,
            "when" in types and bool(_CLOCK.search(text)),
            "command" in types and kind == "code",
            "command" in types and marks,
            "procedure" in types and kind == "step",
            "procedure" in types and kind == "item",
            "definition" in types and bool(_IS.search(text)),
            "reason" in types and bool(_REASON.search(text)),
            "several" in types and kind in ("item", "row"),
            "number" in types and kind == "row",
            bool(_INTRODUCES.search(text)),
            text.rstrip().endswith("?"),
            kind == "sentence" and not _ENDS.search(text.rstrip()),
        )
    ]


def _row_name(pool: Pool, piece: Piece) -> float:
    """How much of a row's name, its first cell, the question mentions."""
    name = view(piece.candidate.cells[0]).content if piece.candidate.cells else frozenset()
    return pool.weight(name & pool.question_terms) / pool.weight(name) if name else 0.0


def _names(piece: Piece, names: frozenset[str]) -> float:
    """Share of the question's codes, file names and acronyms that the piece holds."""
    if not names:
        return 0.0
    text = piece.candidate.text.lower()
    return sum(1 for name in names if name in text) / len(names)
