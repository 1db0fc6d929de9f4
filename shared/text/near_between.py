"""Near duplicates between two sets of texts, such as training and evaluation: all of them, by prefix filtering.

Source: Bayardo, Ma and Srikant, "Scaling Up All Pairs Similarity Search" (2007). A text like another has all but a
share of 1 − threshold of its trigrams. So of its rarest ones, one more than may be missing and k − 1 beyond that, the
other has at least k.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from shared.text.pairs import NearPairs, codes, near_of, places
from shared.text.trigrams import Numbers, Places, Trigrams, trigrams_of_many

_MET = 1 << 22
"""Meetings that are held at a time, about: those of a text all or none."""
_PER_COMMON = 16
"""Trigrams of a text for each that must be in common, besides the first: more of them tell long texts apart."""


def near_between(left: Sequence[str], right: Sequence[str], threshold: float) -> NearPairs:
    """All pairs of a place in ``left`` and one in ``right`` at or above the threshold, ascending. What the texts name
    does not count: who asks tells different identifiers apart."""
    ours, theirs = trigrams_of_many(left), trigrams_of_many(right)
    found = [np.zeros(0, np.uint64)]
    needed = 1 + ours.counts // _PER_COMMON
    for met in _meetings(ours, theirs, threshold, needed):
        i, j = places(met)
        smaller, larger = np.minimum(ours.counts[i], theirs.counts[j]), np.maximum(ours.counts[i], theirs.counts[j])
        found.append(met[smaller >= threshold * larger])
    return near_of(ours, theirs, *places(np.concatenate(found)), threshold)


def _meetings(ours: Trigrams, theirs: Trigrams, threshold: float, needed: Places) -> Iterator[Numbers]:
    """Coded pairs that have as many as ``needed`` of the left text's rarest trigrams in common, ascending, some texts
    of the left at a time."""
    order = np.argsort(theirs.values, kind="stable")
    holders = np.repeat(np.arange(len(theirs)), theirs.counts)[order]
    first = np.searchsorted(theirs.values[order], ours.values, side="left")
    many = np.searchsorted(theirs.values[order], ours.values, side="right") - first
    rare, text_of = _rarest(ours, many, threshold, needed)
    first, many = first[rare], many[rare]
    for start, end in _spans(text_of, many):
        count = many[start:end]
        rank = np.arange(count.sum()) - np.repeat(np.cumsum(count) - count, count)
        met = np.sort(codes(np.repeat(text_of[start:end], count), holders[np.repeat(first[start:end], count) + rank]))
        begins = np.flatnonzero(np.concatenate([[True], met[1:] != met[:-1]])[: len(met)])
        common = np.diff(np.append(begins, len(met)))
        yield met[begins][common >= needed[places(met[begins])[0]]]


def _rarest(sets: Trigrams, frequency: Places, threshold: float, needed: Places) -> tuple[Places, Places]:
    """Places in ``sets.values`` of each set's rarest numbers, as many as are looked at, and the text of each."""
    text_of = np.repeat(np.arange(len(sets)), sets.counts)
    order = np.lexsort((frequency, text_of))
    rank = np.arange(len(order)) - sets.starts[:-1][text_of]
    missing = sets.counts - np.ceil(threshold * sets.counts - 1e-9).astype(np.int64)
    looked_at = rank < (missing + needed)[text_of]
    return order[looked_at], text_of[looked_at]


def _spans(text_of: Places, many: Places) -> Iterator[tuple[int, int]]:
    """Ranges of about ``_MET`` meetings that cut no text."""
    begins = np.flatnonzero(np.concatenate([[True], text_of[1:] != text_of[:-1]])[: len(text_of)])
    batch_of = (np.cumsum(many) - many)[begins] // _MET
    ends = [*begins[1:][batch_of[1:] != batch_of[:-1]].tolist(), len(text_of)]
    yield from zip([0, *ends], ends, strict=False)
