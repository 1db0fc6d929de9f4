"""Chunks of several documents that a question may connect: one that links to another's page, or its nearest neighbour
in the index. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from schemas.artifacts import Chunk, SnapshotDocument
from schemas.recipe import Unit
from shared.quotas import worth
from shared.retrieval.corpus import CorpusIndex
from shared.text.links import canonical_url, find_links
from workers.dataset_builder.split import seeded

LOOKED_AT = 4
"""Chunks whose neighbours are looked for, for each connection wanted: not every chunk has one."""
NEIGHBOURS = 8
"""Hits looked through for one of another group."""


def connect(
    documents: Sequence[SnapshotDocument], chunks: Sequence[Chunk], index: CorpusIndex, *, wanted: int, seed: int
) -> list[Unit]:
    """Up to ``wanted`` units of two chunks, linked ones first; documents of one group or of two languages never meet.

    ``documents`` are those that may teach, and ``index`` holds their chunks alone.
    """
    if wanted <= 0:
        return []
    known = {document.document: document for document in documents}
    own = [chunk for chunk in chunks if chunk.document in known and worth(chunk.text)]
    own.sort(key=lambda chunk: seeded(seed, f"connect:{chunk.id}"))
    found: dict[frozenset[str], Unit] = {}
    for first, second in _pairs(own, known, index, wanted):
        pair = frozenset((first.document, second.document))
        if _meet(known[first.document], known[second.document]) and pair not in found:
            found[pair] = Unit(documents=[first.document, second.document], chunks=[first.id, second.id])
        if len(found) == wanted:
            break
    return list(found.values())


def _pairs(
    chunks: Sequence[Chunk], known: Mapping[str, SnapshotDocument], index: CorpusIndex, wanted: int
) -> Iterator[tuple[Chunk, Chunk]]:
    by_id = {chunk.id: chunk for chunk in chunks}
    by_url = {canonical_url(url): d.document for d in known.values() for url in (d.url, *d.aliases)}
    for chunk in chunks:
        for link in find_links(chunk.text):
            target = by_url.get(canonical_url(link))
            best = index.best_of(target, about(chunk, known)) if target and target != chunk.document else None
            if best in by_id:
                yield chunk, by_id[best]
    for chunk in chunks[: LOOKED_AT * wanted]:
        for hit in index.retrieve(about(chunk, known), NEIGHBOURS):
            other = by_id.get(hit.chunk)
            if other is not None and _meet(known[chunk.document], known[other.document]):
                yield chunk, other
                break


def about(chunk: Chunk, known: Mapping[str, SnapshotDocument]) -> str:
    """What a chunk is about, in few words: its title, its headings and its beginning."""
    return "\n".join([known[chunk.document].title, *chunk.section, chunk.text[:200]])


def _meet(one: SnapshotDocument, other: SnapshotDocument) -> bool:
    return one.group != other.group and one.language == other.language
