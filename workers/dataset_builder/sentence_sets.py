"""Which documents share sentences, found without their texts: of each sentence its fingerprint is kept, eight bytes."""

from __future__ import annotations

import hashlib
from array import array
from collections.abc import Iterator

import numpy as np

from shared.retrieval.container import Array
from shared.text.sentences import sentences

SHARED_SENTENCES = 0.5
"""Two documents are versions of each other when they share this fraction of the shorter one's sentences."""

MIN_SENTENCE_CHARS = 20
"""Shorter sentences (headings, list crumbs) are alike everywhere and say nothing."""

COMMON = 64
"""A sentence that more documents hold is their publisher's, not theirs (and all pairs of them would be too many)."""

PAIRS = 1 << 22
"""Pairs counted at once: what bounds the memory."""


class SentenceSets:
    """The sentences of documents, each document given once."""

    def __init__(self) -> None:
        self._documents: list[str] = []
        self._sizes = array("q")
        self._prints = array("Q")

    def add(self, document: str, text: str) -> None:
        prints = _fingerprints(text)
        self._documents.append(document)
        self._sizes.append(len(prints))
        self._prints.extend(prints)

    def alike(self) -> list[tuple[str, str]]:
        """Pairs of documents that share enough of their sentences."""
        sizes = np.asarray(self._sizes)
        pairs, shared = _counted(self._shared(), len(sizes))
        first, second = np.divmod(pairs, max(len(sizes), 1))
        enough = shared >= SHARED_SENTENCES * np.minimum(sizes[first], sizes[second])
        return [
            (self._documents[a], self._documents[b])
            for a, b in zip(first[enough].tolist(), second[enough].tolist(), strict=True)
        ]

    def _shared(self) -> Iterator[Array]:
        """Documents (by number, in order) that hold a sentence: a row for each sentence of so many documents."""
        prints = np.asarray(self._prints)
        order = np.argsort(prints, kind="stable")
        holders = np.repeat(np.arange(len(self._sizes), dtype=np.uint32), np.asarray(self._sizes))[order]
        starts = np.flatnonzero(np.diff(prints[order], prepend=~prints[order[:1]]))
        held_by = np.diff(starts, append=len(holders))
        for many in range(2, COMMON + 1):
            rows = starts[held_by == many]
            step = max(PAIRS // (many * many), 1)
            for at in range(0, len(rows), step):
                yield holders[rows[at : at + step, None] + np.arange(many)]


def _counted(shared: Iterator[Array], documents: int) -> tuple[Array, Array]:
    """Pairs of documents as first * documents + second, and how many sentences each shares."""
    pairs, counts = np.empty(0, dtype=np.int64), np.empty(0, dtype=np.int64)
    for rows in shared:
        first, second = np.triu_indices(rows.shape[1], 1)
        found = (rows[:, first].astype(np.int64) * documents + rows[:, second]).ravel()
        found, times = np.unique(found, return_counts=True)
        pairs, which = np.unique(np.concatenate([pairs, found]), return_inverse=True)
        counts = np.bincount(which, np.concatenate([counts, times]), len(pairs)).astype(np.int64)
    return pairs, counts


def _fingerprints(text: str) -> set[int]:
    long_enough = (sentence for sentence in sentences(text) if len(sentence) >= MIN_SENTENCE_CHARS)
    return {int.from_bytes(hashlib.sha256(sentence.casefold().encode()).digest()[:8]) for sentence in long_enough}
