"""A document's MinHash signature, by which near duplicates are found without comparing texts."""

from __future__ import annotations

import re
import unicodedata
from itertools import islice

from rensa import RMinHash

PERMUTATIONS = 128
SEED = 42
SHINGLE_WORDS = 3
"""Words per shingle: an edited word of a text of 200 costs 3 shingles, and unrelated texts share hardly any."""
MAX_WORDS = 200_000
"""A longer document is known by its beginning."""

_WORD = re.compile(r"\w+")


def signature(text: str) -> list[int]:
    """128 numbers below 2³²: the share of equal ones estimates the Jaccard similarity of two texts' word trigrams.
    Empty for a text without a word. How it is laid out (line ends, markup, case) does not count."""
    found = islice(_WORD.finditer(unicodedata.normalize("NFKC", text).casefold()), MAX_WORDS)
    words = [match[0] for match in found]
    if not words:
        return []
    last = max(len(words) - SHINGLE_WORDS, 0)
    shingles = {" ".join(words[start : start + SHINGLE_WORDS]) for start in range(last + 1)}
    minhash = RMinHash(num_perm=PERMUTATIONS, seed=SEED)
    minhash.update(list(shingles))
    return list(minhash.digest())
