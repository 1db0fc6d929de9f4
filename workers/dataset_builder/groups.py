"""Document groups: versions and copies of one document, which must never stand on both sides of the split. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.artifacts import SnapshotDocument
from schemas.base import content_hash
from shared.text.links import canonical_url
from shared.text.minhash import near_pairs
from workers.dataset_builder.sentence_sets import SentenceSets


def group_documents(
    documents: Sequence[SnapshotDocument], sentences: SentenceSets, signatures: Mapping[str, Sequence[int]]
) -> dict[str, str]:
    """Group name by document. ``sentences`` and ``signatures``: the sentences and the MinHash of each document.

    A group is named after the first of its URLs, not after bytes: an edited document stays on its side of the split.
    """
    parent = {document.document: document.document for document in documents}
    for a, b in [*_same_url(documents), *sentences.alike(), *near_pairs(signatures)]:
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


def _root(parent: dict[str, str], node: str) -> str:
    while parent[node] != node:
        node = parent[node]
    return node


def _join(parent: dict[str, str], a: str, b: str) -> None:
    first, second = sorted((_root(parent, a), _root(parent, b)))
    parent[second] = first
