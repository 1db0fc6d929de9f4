"""All pieces of all given documents for one question, and how rare their words are among them."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from localcloud.engines.extractive.candidates import Candidate, candidates
from localcloud.engines.extractive.questions import Question, read_question
from localcloud.engines.extractive.terms import View, view
from localcloud.engines.extractive.wording import put_into_words
from schemas.artifacts import RetrievedDocument


@dataclass(frozen=True)
class Piece:
    """A candidate in its document, counted from 0, with the words it would have in an answer to this question."""

    document: int
    candidate: Candidate
    wording: str
    view: View


@dataclass(frozen=True)
class Pool:
    """What can be picked from. ``idf`` holds the weight of every term of the pieces; others weigh ``unseen``."""

    question: Question
    documents: tuple[RetrievedDocument, ...]
    pieces: tuple[Piece, ...]
    idf: dict[str, float]
    unseen: float

    @cached_property
    def question_terms(self) -> frozenset[str]:
        """Terms of the question that carry meaning."""
        return view(self.question.text).content

    def weight(self, terms: frozenset[str]) -> float:
        """Sum of the terms' weights. Exact, since the order of a set of strings differs between processes."""
        return math.fsum(self.idf.get(term, self.unseen) for term in terms)


def make_pool(question: str, documents: Sequence[RetrievedDocument]) -> Pool:
    """The pool; without documents, or with empty ones, it has no pieces."""
    asked = read_question(question)
    pieces = tuple(
        Piece(number, candidate, put_into_words(candidate, question), view(_compared(candidate)))
        for number, document in enumerate(documents)
        for candidate in candidates(document.text)
    )
    counts = Counter(term for piece in pieces for term in piece.view.content)
    total = len(pieces)
    idf = {term: math.log(1 + (total - n + 0.5) / (n + 0.5)) for term, n in counts.items()}
    return Pool(asked, tuple(documents), pieces, idf, math.log(1 + (total + 0.5) / 0.5))


def _compared(candidate: Candidate) -> str:
    """What of a piece is compared with the question: a command says little without the comment above it."""
    return f"{candidate.lead} {candidate.text}" if candidate.kind == "code" else candidate.text
