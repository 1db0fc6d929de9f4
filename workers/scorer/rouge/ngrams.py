"""Common n-grams of many pairs at once, exactly: n-grams are numbered by sorting, never hashed.

An n-gram is named by the number of the (n-1)-gram that it begins with and that of the token that ends it. Only
places whose (n-1)-gram both texts of a pair have are looked at again, so that each length costs less than the last.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from workers.scorer.rouge.block import Block, Ints, begins, ordered
from workers.scorer.rouge.prf import Counts


@dataclass(frozen=True)
class Shared:
    """The places that begin an n-gram which both texts of their pair have, sorted by the number of that n-gram, then
    as they stand in the block; and per pair how many are common: of each n-gram as many as the poorer text has."""

    places: Ints
    numbers: Ints
    hits: Counts


def common_ngrams(block: Block) -> Iterator[Shared]:
    """For n = 1, 2 and on, without end."""
    words = last = _shared(block, np.arange(len(block.tokens)), block.pair, block.tokens)
    word_at = np.full(len(block.tokens) + 1, -1)  # one more: what comes after the last token
    word_at[words.places] = words.numbers
    n = 1
    while True:
        yield last
        n += 1
        last = _longer(block, last, word_at, n)


def _longer(block: Block, shorter: Shared, word_at: Ints, n: int) -> Shared:
    """n-grams that begin with a shared (n-1)-gram and end with a shared word of the same text."""
    ends = np.minimum(shorter.places + n - 1, len(block.tokens))
    words = word_at[ends]
    whole = np.flatnonzero(words >= 0)
    whole = whole[block.text[ends[whole]] == block.text[shorter.places[whole]]]
    return _shared(block, shorter.places[whole], shorter.numbers[whole], words[whole])


def _shared(block: Block, places: Ints, beginnings: Ints, ends: Ints) -> Shared:
    """``beginnings`` and ``ends`` together name the n-gram at each place; equal names only occur within one pair."""
    if not len(places):
        return Shared(places, places, np.zeros(block.pairs, dtype=np.int64))
    order = ordered(beginnings, ends)
    starts = begins(beginnings[order], ends[order])
    counts = np.diff(starts, append=len(order))
    of_answers = np.add.reduceat((places[order] >= block.first_answer).astype(np.int64), starts)
    hits = np.minimum(of_answers, counts - of_answers)
    shared = np.flatnonzero(hits)
    kept = places[order[np.repeat(hits > 0, counts)]]
    per_pair = np.bincount(block.pair[places[order[starts[shared]]]], weights=hits[shared], minlength=block.pairs)
    return Shared(kept, np.repeat(np.arange(len(shared)), counts[shared]), per_pair.astype(np.int64))
