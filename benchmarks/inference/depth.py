"""How many of either ranking should have a say when they are fused: a few, or all."""

from __future__ import annotations

import numpy as np

from benchmarks.data.table import table
from benchmarks.inference.material import Material, cookbooks, korean
from benchmarks.inference.recall import K, embedded, found
from shared.hybrid import DEPTH

DEPTHS = (1, 2, 3, 5, 20)
"""For each chunk shown."""


def section(quick: bool) -> str:
    """``quick`` leaves the Korean material out."""
    rows = [["cookbooks", *_recall(cookbooks())]]
    if not quick:
        rows.append(["Korean, which MiniLM does not know", *_recall(korean())])
    head = ["questions", *(f"{depth} for each shown" for depth in DEPTHS)]
    return (
        f"Hybrid recall@{K} by how many of either ranking have a say (groundtune: {DEPTH} for each shown):\n\n"
        + table(head, rows)
    )


def _recall(given: Material) -> list[str]:
    index, asked = embedded(given)
    told = []
    for depth in (n * K for n in DEPTHS):
        near = index.nearest(given.questions, asked, candidates=depth, depth=depth)
        rankings = [[seen.chunk for seen in one] for one in near]
        told.append(f"{np.mean(found(given.answering, rankings).recall):.3f}")
    return told
