"""Vectors of all chunks of a snapshot, written as one matrix: what search by meaning goes through."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from schemas.base import content_hash
from shared.bedrock.ports import Account, Bedrock
from shared.retrieval.container import Array
from shared.retrieval.corpus import CorpusIndex
from shared.retrieval.dense import BLOCK, write_dense
from shared.runtime.offload import in_thread

PORTION = 2_048
"""Chunks embedded at a time."""


async def write_vectors(bedrock: Bedrock, model: str, account: Account, index: CorpusIndex, file: Path) -> None:
    """``index`` is opened over the whole snapshot. A chunk without a letter gets zeros, which are near to nothing.

    Texts are asked in the order of their hashes, so that those of another snapshot mostly fall into the same blocks of
    the cache: what has been paid is not paid again, after an error or in another run. Raises what ``embed`` raises.
    """
    with TemporaryDirectory(dir=file.parent) as folder:
        matrix = _Matrix(Path(folder, "rows"), index.total)
        order = await _by_content(index)
        for start in range(0, len(order), PORTION):
            places = [int(place) for place in order[start : start + PORTION]]
            texts = await _texts(index, places)
            asked = {place: text for place, text in zip(places, texts, strict=True) if text.strip()}
            if asked:
                vectors = await bedrock.embed(model=model, texts=list(asked.values()), account=account)
                await _put(matrix, list(asked), vectors)
        await _written(file, model, index, matrix)


class _Matrix:
    """Rows that come in any order, in a file; made when it is known how long they are. Those that never come are 0."""

    def __init__(self, path: Path, rows: int) -> None:
        self._path = path
        self._rows = rows
        self._values: Array | None = None

    @property
    def dimensions(self) -> int:
        return 0 if self._values is None else int(self._values.shape[1])

    def put(self, places: list[int], vectors: list[list[float]]) -> None:
        if self._values is None:
            shape = (self._rows, len(vectors[0]))
            self._values = np.memmap(self._path, dtype="<f4", mode="w+", shape=shape)
        self._values[places] = vectors

    def blocks(self) -> list[Array]:
        """Its rows, as views."""
        if self._values is None:
            return []
        return [self._values[start : start + BLOCK] for start in range(0, self._rows, BLOCK)]


_put = in_thread(_Matrix.put)


@in_thread
def _by_content(index: CorpusIndex) -> Array:
    """The places of all chunks in the order of their texts' hashes."""
    hashes = (content_hash(index.shown(place)) for place in range(index.total))
    order: Array = np.argsort(np.fromiter(hashes, dtype="S64", count=index.total), kind="stable")
    return order


@in_thread
def _texts(index: CorpusIndex, places: list[int]) -> list[str]:
    return [index.shown(place) for place in places]


@in_thread
def _written(file: Path, model: str, index: CorpusIndex, matrix: _Matrix) -> None:
    write_dense(file, model, index.digest, matrix.dimensions, matrix.blocks())
