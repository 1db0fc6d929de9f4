"""Near duplicates among MinHash signatures, by locality-sensitive hashing: only documents that share a band of their
signatures are compared. Pure.

Source: Leskovec, Rajaraman and Ullman, "Mining of Massive Datasets", chapter 3. With 32 bands of 4 rows a pair of
similarity 0.5 is found with probability 0.87, of 0.6 with 0.99, of 0.8 always.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

THRESHOLD = 0.5
"""Documents that are alike to this degree are versions of one another: too many in a group cost less than a leak."""
ROWS = 4
COMPARED = 20
"""Documents of a band's bucket that another is compared with: the copies of one page are alike among each other."""


def similarity(a: Sequence[int], b: Sequence[int]) -> float:
    """Estimated Jaccard similarity: the share of equal places. 0 when a signature is missing or of another kind."""
    if not a or len(a) != len(b):
        return 0.0
    return sum(x == y for x, y in zip(a, b, strict=True)) / len(a)


def near_pairs(signatures: Mapping[str, Sequence[int]], threshold: float = THRESHOLD) -> Iterator[tuple[str, str]]:
    """Pairs of documents at or above the threshold: enough of them to join every group, not all there are."""
    buckets: dict[Band, list[str]] = defaultdict(list)
    repeated = _repeated(signatures)
    for name in sorted(signatures):
        own, seen = signatures[name], set[str]()
        for band in _bands(own):
            if hash(band) not in repeated:
                continue
            bucket = buckets[band]
            for other in bucket[:COMPARED]:
                if other not in seen and similarity(own, signatures[other]) >= threshold:
                    yield other, name
                seen.add(other)
            bucket.append(name)


Band = tuple[int, tuple[int, ...]]
"""Some rows of a signature, and which."""


def _bands(signature: Sequence[int]) -> Iterator[Band]:
    return ((place, tuple(signature[place : place + ROWS])) for place in range(0, len(signature), ROWS))


def _repeated(signatures: Mapping[str, Sequence[int]]) -> frozenset[int]:
    """Hashes of all bands that several documents have: buckets of the many others would fill the memory for nothing."""
    hashes = array("q")
    for signature in signatures.values():
        hashes.extend(map(hash, _bands(signature)))
    found, times = np.unique(np.asarray(hashes), return_counts=True)
    return frozenset(found[times > 1].tolist())
