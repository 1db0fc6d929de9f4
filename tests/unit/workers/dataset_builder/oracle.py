"""What dataset-builder makes of a snapshot, as plainly as it can be written over lists in memory: what it must agree
with, byte for byte."""

from __future__ import annotations

import hashlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from schemas.artifacts import Chunk, Document, SnapshotDocument, SourceRecord
from schemas.base import content_hash
from schemas.recipe import Unit
from schemas.state import ObjectRecord
from shared.quotas import worth
from shared.sources import resolve
from shared.text.links import canonical_url, find_links
from shared.text.minhash import near_pairs
from shared.text.sentences import sentences
from tests.unit.shared.retrieval.oracle import PlainIndex
from workers.dataset_builder.connections import LOOKED_AT, NEIGHBOURS, about, meet
from workers.dataset_builder.sentence_sets import COMMON, MIN_SENTENCE_CHARS, SHARED_SENTENCES
from workers.dataset_builder.split import seeded


def same_sentences(texts: Mapping[str, str]) -> list[tuple[str, str]]:
    sentence_sets = {document: _fingerprints(text) for document, text in texts.items()}
    holders: dict[str, list[str]] = defaultdict(list)
    for document in sorted(sentence_sets):
        for fingerprint in sentence_sets[document]:
            holders[fingerprint].append(document)
    common: dict[tuple[str, str], int] = defaultdict(int)
    for documents in holders.values():
        if len(documents) > COMMON:
            continue
        for i, a in enumerate(documents):
            for b in documents[i + 1 :]:
                common[a, b] += 1
    return [
        (a, b)
        for (a, b), shared in common.items()
        if shared >= SHARED_SENTENCES * min(len(sentence_sets[a]), len(sentence_sets[b]))
    ]


def _fingerprints(text: str) -> set[str]:
    long_enough = (sentence for sentence in sentences(text) if len(sentence) >= MIN_SENTENCE_CHARS)
    return {hashlib.sha256(sentence.casefold().encode()).hexdigest()[:16] for sentence in long_enough}


def connected(
    documents: Sequence[SnapshotDocument], chunks: Sequence[Chunk], index: PlainIndex, *, wanted: int, seed: int
) -> list[Unit]:
    if wanted <= 0:
        return []
    known = {document.document: document for document in documents}
    own = [chunk for chunk in chunks if chunk.document in known and worth(chunk.text)]
    own.sort(key=lambda chunk: seeded(seed, f"connect:{chunk.id}"))
    found: dict[frozenset[str], Unit] = {}
    for first, second in _pairs(own, known, index, wanted):
        pair = frozenset((first.document, second.document))
        if meet(known[first.document], known[second.document]) and pair not in found:
            found[pair] = Unit(documents=[first.document, second.document], chunks=[first.id, second.id])
        if len(found) == wanted:
            break
    return list(found.values())


def _pairs(
    chunks: Sequence[Chunk], known: Mapping[str, SnapshotDocument], index: PlainIndex, wanted: int
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
            if other is not None and meet(known[chunk.document], known[other.document]):
                yield chunk, other
                break


def snapshot(
    parsed: Mapping[str, Document], chunks: Mapping[str, Sequence[Chunk]], records: Sequence[ObjectRecord],
    table: Mapping[str, SourceRecord],
) -> tuple[list[SnapshotDocument], list[Chunk]]:  # fmt: skip
    """Documents, whose URLs differ all, and their chunks."""
    by_document: dict[str, list[ObjectRecord]] = defaultdict(list)
    for record in records:
        by_document[str(record.document)].append(record)
    documents = [_document(parsed[name], by_document[name], table) for name in sorted(by_document)]
    ordered = [chunk for document in documents for chunk in chunks[document.document]]
    tokens, counts = Counter[str](), Counter[str]()
    for chunk in ordered:
        tokens[chunk.document] += worth(chunk.text)
        counts[chunk.document] += worth(chunk.text) > 0
    texts = {name: "\n".join(chunk.text for chunk in own) for name, own in chunks.items()}
    groups = _groups(documents, texts, {name: document.signature for name, document in parsed.items()})
    return [
        document.model_copy(update={"tokens": tokens[name], "chunks": counts[name], "group": groups[name]})
        for document in documents
        if (name := document.document)
    ], ordered


def _document(parsed: Document, own: Sequence[ObjectRecord], table: Mapping[str, SourceRecord]) -> SnapshotDocument:
    sources = [resolve(record, parsed, table) for record in own]
    urls = list(dict.fromkeys(source.url for source in sources))
    return SnapshotDocument(
        document=parsed.document, key=own[0].key, url=urls[0], title=sources[0].title, language=parsed.language,
        licence=sources[0].licence, aliases=urls[1:],
    )  # fmt: skip


def _groups(
    documents: Sequence[SnapshotDocument], texts: Mapping[str, str], signatures: Mapping[str, Sequence[int]]
) -> dict[str, str]:
    """Documents that pairs join, named after the first of their URLs."""
    groups = {document.document: {document.document} for document in documents}
    for a, b in [*same_sentences(texts), *near_pairs(signatures)]:
        joined = groups[a] | groups[b]
        groups |= dict.fromkeys(joined, joined)
    url_of = {document.document: canonical_url(document.url) for document in documents}
    return {name: content_hash(min(url_of[one] for one in group))[:16] for name, group in groups.items()}
