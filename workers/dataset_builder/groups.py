"""Document groups: versions and copies of one document, which must never stand on both sides of the split. Pure."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence

from schemas.artifacts import SnapshotDocument
from schemas.base import content_hash
from shared.text.links import canonical_url
from shared.text.minhash import near_pairs
from shared.text.sentences import sentences

SHARED_SENTENCES = 0.5
"""Two documents are versions of each other when they share this fraction of the shorter one's sentences."""

MIN_SENTENCE_CHARS = 20
"""Shorter sentences (headings, list crumbs) are alike everywhere and say nothing."""


COMMON = 64
"""A sentence that more documents hold is their publisher's, not theirs (and all pairs of them would be too many)."""


def group_documents(
    documents: Sequence[SnapshotDocument], texts: Mapping[str, str], signatures: Mapping[str, Sequence[int]]
) -> dict[str, str]:
    """Group name by document. ``texts`` and ``signatures``: the text and the MinHash of each document.

    A group is named after the first of its URLs, not after bytes: an edited document stays on its side of the split.
    """
    parent = {document.document: document.document for document in documents}
    for a, b in [*_same_url(documents), *_same_sentences(texts), *near_pairs(signatures)]:
        _join(parent, a, b)
    urls: dict[str, str] = {}
    for document in documents:
        root, url = _root(parent, document.document), canonical_url(document.url)
        urls[root] = min(url, urls.get(root, url))
    return {document: content_hash(urls[_root(parent, document)])[:16] for document in parent}


def _same_url(documents: Sequence[SnapshotDocument]) -> list[tuple[str, str]]:
    first: dict[str, str] = {}
    pairs = []
    for document in documents:
        for url in (document.url, *document.aliases):
            pairs.append((first.setdefault(canonical_url(url), document.document), document.document))
    return pairs


def _same_sentences(texts: Mapping[str, str]) -> list[tuple[str, str]]:
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


def _root(parent: dict[str, str], node: str) -> str:
    while parent[node] != node:
        node = parent[node]
    return node


def _join(parent: dict[str, str], a: str, b: str) -> None:
    first, second = sorted((_root(parent, a), _root(parent, b)))
    parent[second] = first
