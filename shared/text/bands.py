"""Locality-sensitive hashing of trigram sets: which texts are worth comparing at all.

MinHash signatures cut into bands; texts that share a band are candidates. Source: Leskovec, Rajaraman and Ullman,
"Mining of Massive Datasets", chapter 3. Bands are chosen so that a pair at the threshold is missed once in a hundred,
one clearly above it hardly ever; more bands of fewer rows would miss less and bring more unlike texts together.

The hashing is done here, in arrays: rensa computes the same signatures in a third of the time, but hands them out
only as lists of Python integers, which takes four times as long as all of this.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from shared.text.trigrams import Numbers, Trigrams, scattered

MISSED = 0.01
"""Of the pairs exactly at the threshold; fewer of those above it."""
PERMUTATIONS = 128
"""At most."""
SEED = 42


@dataclass(frozen=True)
class Bands:
    """How a signature is cut: ``count`` bands of ``rows`` numbers each."""

    count: int
    rows: int

    def keys(self, sets: Trigrams) -> Numbers:
        """One number a text and band, of shape (texts, bands). A text without a trigram shares its with its like."""
        keys = np.zeros((len(sets), self.count), np.uint64)
        filled = np.flatnonzero(sets.counts)
        if not len(filled):
            return keys
        hashes = (sets.values >> np.uint64(32)).astype(np.uint32)
        starts = sets.starts[:-1][filled]
        for band in range(self.count):
            key = np.full(len(filled), band, np.uint64)
            for row in range(band * self.rows, (band + 1) * self.rows):
                least = np.minimum.reduceat(hashes * _FACTORS[row] ^ _MASKS[row], starts)
                key = scattered(key << np.uint64(32) ^ key ^ least)
            keys[filled, band] = key
        return keys


def bands_for(threshold: float) -> Bands:
    """As many rows a band as still find a pair at the threshold but once in ``1 / MISSED``. Raises ValueError for
    thresholds that no cut of ``PERMUTATIONS`` numbers serves (below 0.06, or above 1)."""
    if not 0 < threshold <= 1:
        raise ValueError(f"a similarity threshold of {threshold} is not above 0 and at most 1")
    if threshold == 1:
        return Bands(1, 4)
    cuts = [(rows, math.ceil(math.log(MISSED) / math.log1p(-(threshold**rows)))) for rows in range(1, 17)]
    fitting = [Bands(count, rows) for rows, count in cuts if rows * count <= PERMUTATIONS]
    if not fitting:
        raise ValueError(f"a similarity threshold of {threshold} is too low: {PERMUTATIONS} hashes would miss pairs")
    return fitting[-1]


def _random(offset: int) -> npt.NDArray[np.uint32]:
    numbers = np.arange(PERMUTATIONS, dtype=np.uint64) + np.uint64((SEED + offset) << 32)
    return (scattered(scattered(numbers)) >> np.uint64(32)).astype(np.uint32)


_FACTORS = _random(0) | np.uint32(1)
_MASKS = _random(1)
