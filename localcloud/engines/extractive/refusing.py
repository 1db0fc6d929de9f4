"""When the documents hold no answer: how sure the reader must be, and how it says so, learnt from rows that refuse.

A refusal row teaches nothing of ranking, length or links, and is kept apart from the others. What tells whether a
question is answered is fitted to the refusals and to twice the other rows: as they are, and without the documents
that they cite. Where to refuse weighs false refusals and missed ones by how frequent their rows are, and CAUTION.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass

import numpy as np

from localcloud.engines.extractive.features import NAMES, Matrix
from localcloud.engines.extractive.losses import logistic, pull
from localcloud.engines.extractive.overlap import overlap, tokens
from localcloud.engines.extractive.pool import Pool
from localcloud.engines.extractive.ranker import Vector
from localcloud.engines.extractive.rows import Row
from shared.text.language import detect_language
from shared.text.links import find_links, strip_links

SURE_NAMES = ("bias", "top", "best", "seen", "document", *(f"most {name}" for name in (
    "with_heading", "coverage", "beyond_title", "pairs", "grams", "names", "title"
)))  # fmt: skip
"""What tells whether the documents answer; a positive sum answers."""
_MOST = [NAMES.index(name.removeprefix("most ")) for name in SURE_NAMES if name.startswith("most ")]
_WITH_HEADING = NAMES.index("with_heading")
_TOP_SCALE = 10.0
"""Scores of the ranker are about ten times as large as its features."""
_REFUSES = re.compile(
    r"\b(?:documents?|sources?|pages?|guides?|texts?|manuals?|context)\b[^.\n]{0,60}(?:\bnot\b|n't\b|\bno\b|\bnothing\b)"
    r"|(?:\bnot\b|n't\b|\bcannot\b|\bunable to\b|\bno\b)[^.\n]{0,60}\b(?:documents?|sources?|context|found|find)\b"
    r"|(?:문서|자료|내용|정보|답)[^.\n]{0,24}(?:없습니다|없다|않습니다|못했습니다|없어요)"
    r"|찾을 수 없|확인할 수 없|답(?:변)?할 수 없",
    re.IGNORECASE,
)
CAUTION = 2.0
"""How much worse a refusal is where there is an answer than an answer where there is none."""
_MOST_WORDS = 40
_MOST_OVERLAP = 0.6
"""An answer that says as much of a document as this is no refusal, whatever its words."""
_STEPS, _STEP, _PULL = 400, 0.5, 0.02
_LEAST_ROWS = 2


@dataclass(frozen=True)
class Refusal:
    """``words`` by language; ``weights`` by the names above; ``middle`` and ``spread`` make features comparable."""

    words: Mapping[str, str]
    weights: Mapping[str, float]
    middle: Mapping[str, float]
    spread: Mapping[str, float]

    def refuses(self, pool: Pool, matrix: Matrix, values: Vector) -> bool:
        """Whether no candidate makes it likely enough that the documents answer."""
        row = dict(zip(SURE_NAMES, sure_features(pool, matrix, values), strict=True))
        total = sum(self.weights[name] * (row[name] - self.middle[name]) / self.spread[name] for name in SURE_NAMES[1:])
        return bool(round(total + self.weights["bias"], 9) < 0)

    def as_json(self) -> dict[str, object]:
        return {name: dict(value) for name, value in asdict(self).items()}


@dataclass(frozen=True)
class Evidence:
    """A question's features, and whether the documents that it was asked with answer it."""

    features: Vector
    answered: bool


def is_refusal(row: Row, pool: Pool) -> bool:
    """Whether a row's answer says that the documents do not answer: no link, few words, and none of a document's."""
    answer = strip_links(row.answer).strip()
    if find_links(row.answer) or len(answer.split()) > _MOST_WORDS or not _REFUSES.search(answer):
        return False
    wanted = tokens(answer)
    return all(overlap(tokens(piece.wording), wanted) < _MOST_OVERLAP for piece in pool.pieces)


def sure_features(pool: Pool, matrix: Matrix, values: Vector) -> Vector:
    """One number a name."""
    asked = pool.question_terms
    total = pool.weight(asked) or 1.0
    known = [
        frozenset(term for piece in pool.pieces if piece.document == number for term in piece.view.content)
        for number in range(len(pool.documents))
    ]
    best = int(np.argmax(values))
    seen = pool.weight(frozenset(term for term in asked if term in pool.idf)) / total
    document = max((pool.weight(terms & asked) for terms in known), default=0.0) / total
    first = [1.0, float(values[best]) / _TOP_SCALE, float(matrix[best, _WITH_HEADING]), seen, document]
    return np.round(np.asarray([*first, *matrix[:, _MOST].max(axis=0)]), 9)


def learn_refusal(answers: Iterable[str], evidence: Sequence[Evidence], share: float) -> Refusal | None:
    """The refusal that the rows teach; None where there are too few. ``share`` is that of refusals among the rows."""
    words = _words(answers)
    answered = np.asarray([float(item.answered) for item in evidence])
    if not words or min(answered.sum(), len(answered) - answered.sum()) < _LEAST_ROWS:
        return None
    rows = np.asarray([item.features for item in evidence])
    middle, spread = rows.mean(axis=0), rows.std(axis=0)
    spread[spread < 1e-6] = 1.0
    scaled = (rows - middle) / spread
    scaled[:, 0] = 1.0
    weights = np.round(_fit(scaled, answered), 6)
    weights[0] = round(float(weights[0] - _threshold(scaled @ weights, answered, share)), 6)
    return Refusal(words, _named(weights), _named(middle), _named(spread))


def _fit(rows: Matrix, answered: Vector) -> Vector:
    """Plain gradient descent on a convex loss, both classes counting the same."""
    weights, still = np.zeros(rows.shape[1]), np.zeros(rows.shape[1])
    yes, no = answered > 0.5, answered <= 0.5
    for _ in range(_STEPS):
        gradient = sum(logistic(rows[part], answered[part], weights).gradient for part in (yes, no)) / 2
        weights = weights - _STEP * (gradient + pull(weights, still, _PULL).gradient)
    return weights


def _threshold(sums: Vector, answered: Vector, share: float) -> float:
    """The sum below which refusing costs least; of equally cheap ones the lowest."""
    yes, no = np.sort(sums[answered > 0.5]), np.sort(sums[answered <= 0.5])
    cuts = [float(sums.min()) - 1.0, *((a + b) / 2 for a, b in zip(np.sort(sums)[:-1], np.sort(sums)[1:], strict=True))]
    costs = [
        CAUTION * (1 - share) * np.searchsorted(yes, cut) / len(yes) + share * (1 - np.searchsorted(no, cut) / len(no))
        for cut in cuts
    ]
    return float(cuts[int(np.argmin(np.round(costs, 9)))])


def _words(answers: Iterable[str]) -> dict[str, str]:
    """The most frequent wording of each language."""
    found: dict[str, Counter[str]] = {}
    for answer in answers:
        words = strip_links(answer).strip()
        found.setdefault(detect_language(words), Counter())[words] += 1
    return {language: min(counts, key=lambda words: (-counts[words], words)) for language, counts in found.items()}


def _named(vector: Vector) -> dict[str, float]:
    return {name: round(float(value), 6) for name, value in zip(SURE_NAMES, vector, strict=True)}
