"""What a reranker without a model of its own could add: the candidates of hybrid search in the order of three features
that look closer, equally weighted. It is measured here and is no part of groundtune."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain

import numpy as np

from benchmarks.inference.material import Material
from shared.retrieval.passages import with_headings
from shared.testing.indexes import index_of

WINDOW = 80
"""Words of a window; each begins half a window after the last."""
Embed = Callable[[list[str]], list[list[float]]]


def reranked(given: Material, candidates: Sequence[Sequence[str]], embed: Embed) -> list[list[str]]:
    """By question its candidates by the mean of: BM25's score as a share of the best one's, the cosine of the chunk and
    that of its best window."""
    texts = {chunk.id: with_headings(chunk) for chunk in given.chunks}
    cut = {id: windows(texts[id]) for id in sorted(set(chain.from_iterable(candidates)))}
    whole = dict(zip(cut, np.array(embed([texts[id] for id in cut])), strict=True))
    rows = np.array(embed(list(chain.from_iterable(cut.values()))))
    parts = dict(zip(cut, np.split(rows, np.cumsum([len(own) for own in cut.values()])[:-1]), strict=True))
    index = index_of(given.documents, given.chunks)
    found = []
    for question, vector, own in zip(given.questions, np.array(embed(given.questions)), candidates, strict=True):
        scores = {hit.id: hit.score for hit in index.search(question, len(given.chunks))}
        most = max(scores.values(), default=1.0)
        features = {
            id: (scores.get(id, 0.0) / most, float(whole[id] @ vector), float((parts[id] @ vector).max())) for id in own
        }
        found.append(sorted(own, key=lambda id: -round(sum(features[id]), 5)))
    return found


def windows(text: str, words: int = WINDOW) -> list[str]:
    """Overlapping runs of words that hold each word."""
    all_ = text.split()
    step = words // 2
    return [" ".join(all_[start : start + words]) for start in range(0, max(1, len(all_) - step), step)]
