"""Builds the index of a snapshot on disk, from its chunks in one pass, in memory that their number hardly moves.

What grows with the corpus and is held: some 40 bytes a chunk (id, length, place in the file), and the documents.
"""

from __future__ import annotations

from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np

from schemas.artifacts import Chunk, SnapshotDocument
from shared.retrieval.analyzers import WORDS, analyzer
from shared.retrieval.container import Array, ContainerWriter
from shared.retrieval.merged import Merged
from shared.retrieval.passages import searchable
from shared.retrieval.postings import SEGMENT, Postings


def build_index(
    documents: Iterable[SnapshotDocument], chunks: Path, index: Path, *, by: str = WORDS, segment: int = SEGMENT
) -> None:
    """Writes the file ``index`` over the JSON Lines file ``chunks``, as far as they are of one of ``documents``.

    Equal input gives equal bytes. ``by``: the analyzer's name. ``segment``: how many postings are held in memory. What
    is spilled lies beside the index while it is built. Raises ValueError when two chunks have one id or a document's
    chunks lie apart, BadInput when the analyzer is not installed.
    """
    made_by = analyzer(by)
    with TemporaryDirectory(dir=index.parent) as folder:
        places, postings = _Places(), Postings(Path(folder, "postings"), segment)
        titles = {document.document: document.title for document in documents}
        for offset, chunk in _lines(chunks):
            if chunk.document in titles:
                counts = Counter(made_by.terms(searchable(titles[chunk.document], chunk)))
                places.add(chunk, offset, sum(counts.values()))
                postings.add(counts)
        with index.open("wb") as file:
            writer = ContainerWriter(file)
            writer.add("analyzer", "<u1", [np.frombuffer(made_by.signature.encode(), dtype="<u1")])
            places.write(writer)
            _write(writer, postings.merged())
            writer.close()


def _lines(chunks: Path) -> Iterator[tuple[int, Chunk]]:
    """Each chunk, and where its line begins."""
    with chunks.open("rb") as file:
        offset = 0
        for line in file:
            if line.strip():
                yield offset, Chunk.model_validate_json(line)
            offset += len(line)


def _write(writer: ContainerWriter, merged: Merged) -> None:
    writer.add("terms", "<u1", merged.blocks("terms", "<u1"))
    writer.add("term_ends", "<u8", merged.blocks("term_ends", "<u8"))
    writer.add("posting_ends", "<u8", merged.blocks("ends", "<u8"))
    writer.add("posting_places", "<u4", merged.blocks("places", "<u4"))
    writer.add("posting_counts", np.min_scalar_type(merged.largest).str, merged.blocks("counts", "<u4"))


class _Places:
    """What is known of each chunk, by its place: the order of the file."""

    def __init__(self) -> None:
        self._ids: list[Array] = []
        self._recent: list[bytes] = []
        self._offsets = array("Q")
        self._lengths = array("I")
        self._starts: dict[str, int] = {}
        self._last = ""

    def add(self, chunk: Chunk, offset: int, length: int) -> None:
        """``length``: terms, repeats counted."""
        if chunk.document != self._last:
            if chunk.document in self._starts:
                raise ValueError(f"the chunks of document {chunk.document} do not follow one another")
            self._starts[chunk.document], self._last = len(self._offsets), chunk.document
        self._recent.append(chunk.id.encode())
        self._offsets.append(offset)
        self._lengths.append(length)
        if len(self._recent) == 65_536:  # as an array they take a fifth of the memory
            self._pack()

    def write(self, writer: ContainerWriter) -> None:
        self._pack()
        ids = np.concatenate(self._ids)
        order = np.argsort(ids, kind="stable")
        ids, ranks = ids[order], np.empty(len(ids), dtype="<u4")
        if (twice := np.flatnonzero(ids[1:] == ids[:-1])).size:
            raise ValueError(f"two chunks have the id {ids[twice[0]].decode()}")
        ranks[order] = np.arange(len(ids), dtype="<u4")
        names = np.array([name.encode() for name in self._starts], dtype="S")
        for name, values in {
            "ids": ids, "places_by_id": order.astype("<u4"), "ranks": ranks, "offsets": np.asarray(self._offsets),
            "lengths": np.asarray(self._lengths), "documents": names,
            "document_starts": np.array(list(self._starts.values()), dtype="<u4"),
        }.items():  # fmt: skip
            writer.add(name, values.dtype.newbyteorder("<").str, [values])

    def _pack(self) -> None:
        self._ids.append(np.array(self._recent, dtype="S"))
        self._recent = []
