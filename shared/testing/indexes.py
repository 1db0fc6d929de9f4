"""An index over a few chunks, for tests."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from schemas.artifacts import Chunk, SnapshotDocument
from schemas.base import canonical_json
from shared.retrieval.building import build_index
from shared.retrieval.corpus import CorpusIndex


def index_of(
    documents: Sequence[SnapshotDocument], chunks: Iterable[Chunk], among: Sequence[SnapshotDocument] | None = None
) -> CorpusIndex:
    """An index built over ``documents`` and opened over those ``among`` them; its files are gone already.

    The chunks may come in any order; a document's are put together.
    """
    by_document: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        by_document.setdefault(chunk.document, []).append(chunk)
    in_order = (chunk for own in by_document.values() for chunk in own)
    with TemporaryDirectory() as folder:
        lines, index = Path(folder, "chunks.jsonl"), Path(folder, "index")
        lines.write_text("".join(canonical_json(chunk.model_dump(mode="json")) + "\n" for chunk in in_order))
        build_index(documents, lines, index)
        return CorpusIndex(index, lines, documents if among is None else among)
