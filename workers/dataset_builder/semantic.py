"""Questions that mean the same, by the cosine of their vectors. Pure.

A fixed threshold does not serve: a model that is weak in a language puts all its texts close together (MiniLM: two
unlike Korean questions reach 0.9), and would take everything out. So the threshold of a language is learnt from what
is known to be different: an evaluation question and its nearest other evaluation question look as a clean training
question and its nearest evaluation question do. The threshold is the order statistic of those similarities that a
clean question passes with at most the given probability (split conformal prediction: Vovk, Gammerman and Shafer,
"Algorithmic Learning in a Random World", 2005). Where they are too few for that, it is half-way from the highest to 1.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence

import numpy as np
import numpy.typing as npt

from shared.text.identifiers import conflict, differ, identifiers
from shared.text.language import detect_language
from shared.text.near_between import near_between

FLOOR = 0.9
"""No threshold is below it: few evaluation questions, all far apart, say little about what is alike."""
CLEAN_LOSS = 0.005
"""Of the clean questions, taken out at most, as expected."""
FEWEST = 10
"""Evaluation questions in a language from which a threshold is learnt; with fewer, meaning is not compared there."""
NEAR = 0.6
"""Similarity of trigrams from which questions are compared by letters, and need no comparison by meaning."""
_ROWS = 2048
_NONE = -2.0

Vectors = Mapping[str, Sequence[float]]
"""By text: its unit vector. A text without one is not compared."""


def thresholds(
    evaluation: Sequence[str], vectors: Vectors, *, floor: float = FLOOR, clean_loss: float = CLEAN_LOSS
) -> dict[str, float]:
    """By language: the cosine above which two questions count as one."""
    nearest = {
        language: _nearest([evaluation[place] for place in places], vectors)
        for language, places in _by_language(evaluation, vectors).items()
    }
    return {
        language: max(floor, _quantile(cosines, clean_loss))
        for language, cosines in nearest.items()
        if len(cosines) >= FEWEST
    }


def alike(
    training: Sequence[str], evaluation: Sequence[str], vectors: Vectors, limits: Mapping[str, float]
) -> Iterator[tuple[int, int, float]]:
    """Pairs of questions in one language above its threshold: places in both, and the cosine, to six digits."""
    theirs = _by_language(evaluation, vectors)
    for language, places in _by_language(training, vectors).items():
        if language not in limits or language not in theirs:
            continue
        columns = _matrix([evaluation[place] for place in theirs[language]], vectors).T
        for start in range(0, len(places), _ROWS):
            rows = places[start : start + _ROWS]
            cosines = np.round(_matrix([training[place] for place in rows], vectors) @ columns, 6)
            for i, j in np.argwhere(cosines > limits[language]).tolist():
                yield rows[i], theirs[language][j], float(cosines[i, j])


def repeats(
    before: Sequence[str], texts: Sequence[str], vectors: Vectors, limits: Mapping[str, float]
) -> dict[int, tuple[str, float]]:
    """Of ``texts``, in order, those that mean what one ``before`` them or an earlier kept one means: by their place the
    other text and the cosine, to six digits. Texts that name different things mean different things."""
    found: dict[int, tuple[str, float]] = {}
    earlier = _by_language(before, vectors)
    for language, places in _by_language(texts, vectors).items():
        if language in limits:
            kept = [before[place] for place in earlier.get(language, ())]
            found |= _repeats(kept, [(place, texts[place]) for place in places], vectors, limits[language])
    return found


def _repeats(
    kept: list[str], texts: Sequence[tuple[int, str]], vectors: Vectors, limit: float
) -> dict[int, tuple[str, float]]:
    found: dict[int, tuple[str, float]] = {}
    width = len(vectors[texts[0][1]]) if texts else 0
    matrix = np.empty((len(kept) + len(texts), width))
    matrix[: len(kept)] = _matrix(kept, vectors) if kept else 0.0
    for place, text in texts:
        vector, names = np.array(vectors[text]), identifiers(text)
        cosines = np.round(matrix[: len(kept)] @ vector, 6)
        alike = [n for n in np.flatnonzero(cosines > limit).tolist() if not differ(names, identifiers(kept[n]))]
        if alike:
            best = max(alike, key=lambda n: (cosines[n], -n))
            found[place] = kept[best], float(cosines[best])
        else:
            matrix[len(kept)] = vector
            kept.append(text)
    return found


def _by_language(texts: Sequence[str], vectors: Vectors) -> dict[str, list[int]]:
    places: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        if text in vectors:
            places.setdefault(detect_language(text), []).append(place)
    return places


def _nearest(texts: Sequence[str], vectors: Vectors) -> list[float]:
    """For each text the cosine of the nearest other one that only its meaning tells from it, ascending. Not of one that
    is told apart by what it names, nor of one alike by its letters: people's sets hold some questions twice. Texts
    without any such other say nothing, and are left out."""
    matrix = _matrix(texts, vectors)
    cosines = np.round(matrix @ matrix.T, 6)
    np.fill_diagonal(cosines, _NONE)  # also where a text has no letter
    alike_by_letters = near_between(texts, texts, NEAR)
    cosines[alike_by_letters.left, alike_by_letters.right] = _NONE
    names = [identifiers(text) for text in texts]
    for i, own in enumerate(names):
        cosines[i, [j for j, other in enumerate(names) if own and conflict(own, other)]] = _NONE
    return sorted(cosine for cosine in cosines.max(axis=1).tolist() if cosine > _NONE)


def _quantile(ascending: Sequence[float], clean_loss: float) -> float:
    rank = math.ceil((1 - clean_loss) * (len(ascending) + 1))
    if rank <= len(ascending):
        return ascending[rank - 1]
    return round((1 + ascending[-1]) / 2, 6)


def _matrix(texts: Sequence[str], vectors: Vectors) -> npt.NDArray[np.float64]:
    return np.array([vectors[text] for text in texts], np.float64)
