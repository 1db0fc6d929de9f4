"""Which chunks the teacher sees together, and how many samples each such call asks for."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.artifacts import Chunk

CHUNKS_PER_CALL = 6
"""Chunks shown to the teacher at once: enough for context, few enough for any model's window."""


@dataclass(frozen=True)
class Call:
    """One call of the teacher."""

    chunks: list[Chunk]
    samples: int


def plan_calls(chunks: Sequence[Chunk], samples: int) -> list[Call]:
    """Cuts a document into calls and spreads the samples over them in proportion to their text, late ones included."""
    batches = [list(chunks[i : i + CHUNKS_PER_CALL]) for i in range(0, len(chunks), CHUNKS_PER_CALL)]
    sizes = [sum(len(chunk.text) for chunk in batch) for batch in batches]
    return [Call(batch, quota) for batch, quota in zip(batches, spread(samples, sizes), strict=True) if quota]


def spread(total: int, weights: Sequence[int]) -> list[int]:
    """Splits a whole number by weights (largest remainder; the earlier of two equal ones first)."""
    whole = sum(weights)
    if whole == 0:
        return [0 for _ in weights]
    shares = [total * weight // whole for weight in weights]
    by_remainder = sorted(range(len(weights)), key=lambda i: (-(total * weights[i] % whole), i))
    for place in by_remainder[: total - sum(shares)]:
        shares[place] += 1
    return shares
