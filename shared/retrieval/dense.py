"""Search by meaning: the cosine of a question's vector with that of every chunk, exactly, over a memory-mapped matrix.

No approximate index: 100,000 chunks of 384 numbers are compared in some 15 ms by one core, and the same chunks are
found everywhere. Cosines are compared to five digits, so that the last ones of a float, which differ between machines,
decide nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np

from shared.retrieval.container import Array, Container, ContainerWriter

BLOCK = 1 << 16
"""Rows multiplied at once."""
TOGETHER = 64
"""Questions multiplied at once."""
DIGITS = 5
_NEVER = -2.0


class Dense:
    """Vectors of an index's chunks, by place. ``model`` is the id of what made them."""

    def __init__(self, file: Path, chunks: bytes, ranks: Array) -> None:
        """``chunks``: the digest of the index's ids; ``ranks``: their order. Raises ValueError for other chunks'."""
        stored = Container(file)
        if stored["chunks"].tobytes() != chunks:
            raise ValueError(f"{file.name} holds the vectors of other chunks")
        self.model = stored["model"].tobytes().decode()
        self._ranks = ranks
        self._rows = stored["vectors"].reshape(len(ranks), int(stored["dimensions"][0]))

    def nearest(self, questions: Sequence[Sequence[float]], top: int, allowed: Array) -> list[list[int]]:
        """By question the ``top`` places nearest to its unit vector of those ``allowed``, nearest first; equal ones in
        the order of their ids."""
        found: list[list[int]] = []
        for start in range(0, len(questions), TOGETHER):
            some = np.array(questions[start : start + TOGETHER], dtype=np.float32)
            found += self._nearest(some, min(top, len(self._rows)), allowed)
        return found

    def _nearest(self, questions: Array, top: int, allowed: Array) -> list[list[int]]:
        best: list[list[tuple[Array, Array]]] = [[] for _ in questions]
        for start in range(0, len(self._rows) if top else 0, BLOCK):
            own = allowed[start : start + BLOCK]
            cosines = _product(questions, self._rows[start : start + BLOCK])
            cosines[:, ~own] = _NEVER
            for mine, row in zip(best, cosines, strict=True):
                places = _best(row, top)
                mine.append((places + start, row[places]))
        return [self._ordered(parts, top) for parts in best]

    def _ordered(self, parts: Sequence[tuple[Array, Array]], top: int) -> list[int]:
        if not parts:
            return []
        places, cosines = (np.concatenate(column) for column in zip(*parts, strict=True))
        order = np.lexsort((self._ranks[places], -cosines))[:top]
        return [int(places[n]) for n in order if cosines[n] > _NEVER]


def write_dense(file: Path, model: str, chunks: bytes, dimensions: int, blocks: Iterable[Array]) -> None:
    """``blocks``: unit vectors of all chunks in the order of their places, as rows of 32-bit floats."""
    with file.open("wb") as out:
        writer = ContainerWriter(out)
        writer.add("model", "<u1", [np.frombuffer(model.encode(), dtype="<u1")])
        writer.add("chunks", "<u1", [np.frombuffer(chunks, dtype="<u1")])
        writer.add("dimensions", "<u4", [np.array([dimensions])])
        writer.add("vectors", "<f4", (block.ravel() for block in blocks))
        writer.close()


def digest(ids: Array) -> bytes:
    """Of chunks' ids in the order of their places: vectors of other chunks, or in another order, have another."""
    return sha256(ids.tobytes()).digest()


def _product(questions: Array, rows: Array) -> Array:
    if len(questions) == 1:  # as a vector it is twice as fast
        cosines: Array = np.round(rows @ questions[0], DIGITS)[np.newaxis]
        return cosines
    cosines = np.round(questions @ rows.T, DIGITS)
    return cosines


def _best(cosines: Array, top: int) -> Array:
    """Places of the ``top`` highest, and of all that equal the last of them."""
    if len(cosines) <= top:
        return np.arange(len(cosines))
    return np.flatnonzero(cosines >= np.partition(cosines, -top)[-top])
