"""All near duplicates among many short texts: a million in one process, or a share of the work in each of several.

Candidates come from bands of MinHash signatures, each is then compared exactly. Texts whose identifiers differ are no
duplicates, and never meet: the identifiers are part of the bands' keys, so that a million variants of one template
("What does error E-… mean?") cost no more than a million unlike texts.

Memory: 20 bytes a text, 12 bytes for each text and band of the shard, 8 for each candidate, and the trigrams of texts
that have one. Time is quadratic only in the size of a group of texts that are all alike and not the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np

from shared.text.bands import Bands, bands_for
from shared.text.buckets import Entries, copies, meetings
from shared.text.duplicates import THRESHOLD
from shared.text.identifiers import identifiers
from shared.text.pairs import NearPairs, codes, near_of, once, places
from shared.text.trigrams import BATCH, Numbers, Places, set_keys, trigrams, trigrams_of_many

_SPARE = 1 << 20
"""Candidates that may repeat before repeats are left out."""


def near_pairs(texts: Sequence[str], threshold: float = THRESHOLD, *, shard: int = 0, shards: int = 1) -> NearPairs:
    """Pairs at or above the threshold, the earlier text on the left; of those exactly at it one in a hundred is missed
    (``shared.text.bands``), of reworded questions hardly any. Texts with the same trigrams and identifiers are
    paired with the first of them alone. With ``shards`` above one only the pairs that shard number ``shard`` finds:
    ``merged``, the shards' pairs are exactly what one process finds. Raises ValueError for a shard or a threshold
    that cannot be."""
    if not 0 <= shard < shards:
        raise ValueError(f"shard {shard} of {shards} does not exist: shards are counted from 0")
    left, right = _candidates(texts, threshold, shard, shards)
    met = np.flatnonzero(np.bincount(np.concatenate([left, right]), minlength=len(texts)))
    sets = trigrams_of_many([texts[place] for place in met.tolist()])
    near = near_of(sets, sets, np.searchsorted(met, left), np.searchsorted(met, right), threshold)
    return NearPairs(met[near.left], met[near.right], near.similarity)


def first_ones(pairs: NearPairs, count: int) -> list[int]:
    """Of ``count`` texts those to keep, in order: a text falls out for a kept one before it, or as another's copy."""
    kept = [True] * count
    for place in np.lexsort((pairs.left, pairs.right)).tolist():
        if kept[pairs.left[place]] or pairs.similarity[place] == 1.0:
            kept[pairs.right[place]] = False
    return [place for place, keep in enumerate(kept) if keep]


def _candidates(texts: Sequence[str], threshold: float, shard: int, shards: int) -> tuple[Places, Places]:
    """Pairs that meet in a bucket of this shard, each once, ascending."""
    bands = bands_for(threshold)
    sizes, whole = np.zeros(len(texts), np.int64), np.zeros(len(texts), np.uint64)
    entries = [Entries(shard, shards) for _ in range(bands.count)]
    for start in range(0, len(texts), BATCH):
        batch = slice(start, start + BATCH)
        sizes[batch], whole[batch] = _add(entries, bands, start, texts[batch])
    first = np.where(sizes > 0, copies(whole), np.arange(len(texts)))
    original = first == np.arange(len(texts))
    own = np.flatnonzero(~original & (whole % np.uint64(shards) == shard))
    found = [codes(first[own], own)]
    for band in entries:
        for left, right in meetings(*band.taken(original & (sizes > 0))):
            smaller, larger = np.minimum(sizes[left], sizes[right]), np.maximum(sizes[left], sizes[right])
            found.append(codes(left, right)[smaller >= threshold * larger])
        if sum(map(len, found)) > 2 * len(found[0]) + _SPARE:
            found = [once(found)]
    return places(once(found))


def _add(entries: Sequence[Entries], bands: Bands, start: int, texts: Sequence[str]) -> tuple[Places, Numbers]:
    """Notes a batch in every band; gives the sizes of its sets and a number for each set with its identifiers."""
    sets, named = trigrams(texts), _marks(texts)
    for band, keys in zip(entries, bands.keys(sets).T, strict=True):
        band.add(start, keys ^ named)
    return sets.counts, set_keys(sets) ^ named


def _marks(texts: Sequence[str]) -> Numbers:
    """One number a text, equal for texts with the same identifiers; 0 for none."""
    return np.array([_mark(identifiers(text)) for text in texts], np.uint64)


def _mark(names: frozenset[str]) -> int:
    if not names:
        return 0
    return int.from_bytes(hashlib.blake2b("\0".join(sorted(names)).encode(), digest_size=8).digest(), "little")
