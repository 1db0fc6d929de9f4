"""How much of what answers a question is among the first chunks that are found."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.data.table import table
from benchmarks.inference.intervals import interval
from benchmarks.inference.material import Material, cookbooks, korean
from benchmarks.inference.reranking import reranked
from localcloud.engines.embedding import embed
from shared.hybrid import DEPTH, POOL
from shared.retrieval.analyzers import MORPHEMES, WORDS
from shared.retrieval.corpus import CorpusIndex
from shared.retrieval.passages import with_headings
from shared.testing.indexes import index_of

K = 5
Rankings = list[list[str]]
"""By question the ids of the chunks, best first."""


@dataclass(frozen=True)
class Found:
    """Of each question: the share of its chunks among the first K (``recall``), and whether any is (``hit``)."""

    recall: list[float]
    hit: list[float]


def found(answering: Sequence[Collection[str]], rankings: Rankings, k: int = K) -> Found:
    both = [(set(gold) & set(ids[:k]), gold) for gold, ids in zip(answering, rankings, strict=True)]
    return Found([len(some) / len(gold) for some, gold in both], [float(bool(some)) for some, _ in both])


def by_words(given: Material, by: str = WORDS, k: int = K) -> Rankings:
    index = index_of(given.documents, given.chunks, by=by)
    return [[hit.id for hit in index.search(question, k)] for question in given.questions]


def by_meaning(given: Material) -> Rankings:
    cosines = np.round(np.array(embed(given.questions)) @ np.array(_vectors(given)).T, 5)
    orders = np.argsort(-cosines, axis=1, kind="stable")
    return [[given.chunks[n].id for n in order] for order in orders]


def by_both(given: Material, k: int = K) -> Rankings:
    """As a run with ``retrieval.mode: hybrid`` retrieves."""
    index, asked = embedded(given)
    near = index.nearest(given.questions, asked, candidates=POOL * k, depth=DEPTH * k)
    return [[seen.chunk for seen in one] for one in near]


def embedded(given: Material) -> tuple[CorpusIndex, list[list[float]]]:
    """An index with the chunks' vectors, and those of the questions."""
    vectors = {chunk.id: vector for chunk, vector in zip(given.chunks, _vectors(given), strict=True)}
    return index_of(given.documents, given.chunks, vectors=vectors), embed(given.questions)


def section(quick: bool) -> str:
    """``quick`` leaves out the reranking, which embeds a few thousand windows."""
    given = cookbooks()
    both = by_both(given)
    searches = {"words (BM25)": by_words(given), "meaning": by_meaning(given), "hybrid": both}
    if not quick:
        searches["hybrid, reranked by features"] = reranked(given, both, embed)
    told = _cookbooks(given, searches)
    return (
        f"Of {len(given.questions)} questions over {len(given.chunks)} sections (cookbooks), the links, with fragment, "
        f"among the first {K}; MiniLM; 95 % intervals over questions; aims: hybrid 0.80 and 0.97:\n\n{told}\n\n"
        + _korean()
    )


def _vectors(given: Material) -> list[list[float]]:
    return embed([with_headings(chunk) for chunk in given.chunks])


def _cookbooks(given: Material, searches: Mapping[str, Rankings]) -> str:
    base = found(given.answering, searches["hybrid"])
    rows = []
    for name, rankings in searches.items():
        own = found(given.answering, rankings)
        gain = [mine - theirs for mine, theirs in zip(own.recall, base.recall, strict=True)]
        rows.append([name, _told(own.recall), _told(own.hit), _told(gain) if own != base else "–"])
    return table(["search", f"recall@{K}", f"hit@{K}", "recall against hybrid"], rows)


def _korean() -> str:
    given = korean()
    rows = []
    for by in (WORDS, MORPHEMES):
        rankings = by_words(given, by, 10)
        rows.append([by, *(_told(found(given.answering, rankings, k).recall) for k in (1, 2, 4, 10))])
    head = ["retrieval.analyzer", *(f"recall@{k}" for k in (1, 2, 4, 10))]
    return (
        f"Of {len(given.questions)} Korean questions over {len(given.chunks)} chunks, the chunk that answers, by BM25 "
        f"over the terms of either analyzer:\n\n{table(head, rows)}"
    )


def _told(values: Sequence[float]) -> str:
    return "{:.3f} ({:.3f} to {:.3f})".format(*interval(values))
