"""Chunks of several documents that a question may connect: one that links to another's page, or its nearest neighbour
in the index. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

import numpy as np

from schemas.artifacts import Chunk, SnapshotDocument
from schemas.recipe import Unit
from shared.quotas import worth
from shared.retrieval.container import Array
from shared.retrieval.corpus import CorpusIndex
from shared.text.links import canonical_url, find_links
from workers.dataset_builder.split import seeded

LOOKED_AT = 4
"""Chunks whose neighbours are looked for, for each connection wanted: not every chunk has one."""
NEIGHBOURS = 8
"""Hits looked through for one of another group."""
DIGITS = 32
"""Of the hexadecimal digits that order chunks: chance gives no two the same."""


def connect(documents: Sequence[SnapshotDocument], index: CorpusIndex, *, wanted: int, seed: int) -> list[Unit]:
    """Up to ``wanted`` units of two chunks, linked ones first; documents of one group or of two languages never meet.

    ``documents`` are those that may teach, and ``index`` holds their chunks alone.
    """
    if wanted <= 0:
        return []
    known = {document.document: document for document in documents}
    found: dict[frozenset[str], Unit] = {}
    for first, second in _pairs(known, index, wanted, seed):
        pair = frozenset((first.document, second.document))
        if meet(known[first.document], known[second.document]) and pair not in found:
            found[pair] = Unit(documents=[first.document, second.document], chunks=[first.id, second.id])
        if len(found) == wanted:
            break
    return list(found.values())


def _pairs(
    known: Mapping[str, SnapshotDocument], index: CorpusIndex, wanted: int, seed: int
) -> Iterator[tuple[Chunk, Chunk]]:
    by_url = {canonical_url(url): d.document for d in known.values() for url in (d.url, *d.aliases)}
    order = _shuffled(index, seed)
    for chunk in _worthy(index, order):
        for link in find_links(chunk.text):
            target = by_url.get(canonical_url(link))
            best = index.best_of(target, about(chunk, known)) if target and target != chunk.document else None
            other = index.chunk(best) if best else None
            if other is not None and worth(other.text):
                yield chunk, other
    for chunk in islice(_worthy(index, order), LOOKED_AT * wanted):
        for hit in index.retrieve(about(chunk, known), NEIGHBOURS):
            other = index.chunk(hit.chunk)
            if worth(other.text) and meet(known[chunk.document], known[other.document]):
                yield chunk, other
                break


def _shuffled(index: CorpusIndex, seed: int) -> Array:
    """The ids of all chunks in seeded order."""
    ids = index.ids()
    keys = (seeded(seed, f"connect:{id.decode()}")[:DIGITS] for id in ids)
    order: Array = ids[np.argsort(np.fromiter(keys, dtype=f"S{DIGITS}", count=len(ids)))]
    return order


def _worthy(index: CorpusIndex, ids: Array) -> Iterator[Chunk]:
    """Those that can be asked about, read one by one."""
    return (chunk for id in ids if worth((chunk := index.chunk(id.decode())).text))


def about(chunk: Chunk, known: Mapping[str, SnapshotDocument]) -> str:
    """What a chunk is about, in few words: its title, its headings and its beginning."""
    return "\n".join([known[chunk.document].title, *chunk.section, chunk.text[:200]])


def meet(one: SnapshotDocument, other: SnapshotDocument) -> bool:
    """Whether one question may be about both."""
    return one.group != other.group and one.language == other.language
