"""How much of what answers a question is among the first that are found."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

import numpy as np

from benchmarks.data.table import table
from benchmarks.inference.cookbooks import Cookbooks, cookbooks
from shared.testing.indexes import index_of

K = 5


@dataclass(frozen=True)
class Found:
    """Of each question: the share of its links among the first K (``recall``), and whether any is (``hit``)."""

    recall: list[float]
    hit: list[bool]


def found(answering: Sequence[Collection[str]], rankings: Sequence[Sequence[str]], k: int = K) -> Found:
    """``rankings``: by question the links, best first."""
    both = [(set(gold) & set(links[:k]), gold) for gold, links in zip(answering, rankings, strict=True)]
    return Found([len(some) / len(gold) for some, gold in both], [bool(some) for some, _ in both])


def by_words(given: Cookbooks, k: int = K) -> list[list[str]]:
    index = index_of(given.documents, given.chunks)
    return [[seen.url for seen in index.retrieve(question, k)] for question in given.questions]


def section(quick: bool) -> str:
    given = cookbooks()
    rows = [_row("BM25", found(given.answering, by_words(given)))]
    head = f"Of {len(given.questions)} questions, the links (with fragment) that answer them among the first {K}:\n\n"
    return head + table(["search", f"recall@{K}", f"hit@{K}"], rows)


def _row(name: str, told: Found) -> list[str]:
    return [name, f"{np.mean(told.recall):.3f}", f"{np.mean(told.hit):.3f}"]
