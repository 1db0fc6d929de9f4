"""An index over a few chunks, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from schemas.artifacts import Chunk, SnapshotDocument
from schemas.base import canonical_json
from shared.retrieval.analyzers import WORDS
from shared.retrieval.building import build_index
from shared.retrieval.corpus import CorpusIndex
from shared.retrieval.dense import digest, write_dense

MODEL = "m"
"""What the vectors of an index are said to be of."""


def index_of(
    documents: Sequence[SnapshotDocument], chunks: Iterable[Chunk], among: Sequence[SnapshotDocument] | None = None, *,
    by: str = WORDS, vectors: Mapping[str, Sequence[float]] | None = None,
) -> CorpusIndex:  # fmt: skip
    """An index built over ``documents`` and opened over those ``among`` them; its files are gone already.

    The chunks may come in any order; a document's are put together. ``vectors``: of each by its id, of ``MODEL``.
    """
    by_document: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        by_document.setdefault(chunk.document, []).append(chunk)
    in_order = [chunk for own in by_document.values() for chunk in own]
    with TemporaryDirectory() as folder:
        lines, index = Path(folder, "chunks.jsonl"), Path(folder, "index")
        lines.write_text("".join(canonical_json(chunk.model_dump(mode="json")) + "\n" for chunk in in_order))
        build_index(documents, lines, index, by=by)
        dense = _written(Path(folder, "vectors"), in_order, vectors) if vectors else None
        return CorpusIndex(index, lines, documents if among is None else among, dense)


def _written(file: Path, chunks: Sequence[Chunk], vectors: Mapping[str, Sequence[float]]) -> Path:
    rows = np.array([vectors[chunk.id] for chunk in chunks], dtype=np.float32)
    write_dense(file, MODEL, digest(np.array([chunk.id.encode() for chunk in chunks])), rows.shape[1], [rows])
    return file
