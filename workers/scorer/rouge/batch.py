"""Many pairs at once."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import islice

import numpy as np

from workers.scorer.rouge.block import Block, Flags
from workers.scorer.rouge.lcs import common_length
from workers.scorer.rouge.lines import LINE, flat, lines, several
from workers.scorer.rouge.ngrams import Shared, common_ngrams
from workers.scorer.rouge.prf import Counts, Values, prf_columns
from workers.scorer.rouge.types import ngram_lengths
from workers.scorer.rouge.union_lcs import union_hits
from workers.scorer.rouge.unions import LONGEST, union_hits_of_block

Pairs = Sequence[tuple[str, str]]

MOST_STEPS = 4_000_000
"""Meetings of a reference's token with a line of the answer that are worked on at once: some hundred bytes each."""


def score_pairs(types: Sequence[str], pairs: Pairs) -> dict[str, Values]:
    """Type → scores of (reference, answer) pairs of encoded texts."""
    block = Block.of(pairs)
    lengths = ngram_lengths(types)
    ngrams = list(islice(common_ngrams(block), max([1, *lengths.values()])))
    subsequences = _subsequences(pairs)
    found = {
        name: prf_columns(ngrams[n - 1].hits, *(np.maximum(length - n + 1, 0) for length in block.lengths))
        for name, n in lengths.items()
    }
    found["rougeL"] = prf_columns(subsequences, *block.lengths)
    if "rougeLsum" in types:
        found["rougeLsum"] = prf_columns(_unions(pairs, block, ngrams[0], subsequences), *block.lengths)
    return {name: found[name] for name in types}


def _subsequences(pairs: Pairs) -> Counts:
    found = (common_length(flat(reference), flat(answer)) for reference, answer in pairs)
    return np.fromiter(found, dtype=np.int64, count=len(pairs))


def _unions(pairs: Pairs, block: Block, words: Shared, subsequences: Counts) -> Counts:
    in_lines = np.fromiter((several(*pair) for pair in pairs), dtype=np.bool_, count=len(pairs))
    at_once = in_lines & ~_long(block)
    at_once &= _within(pairs, block, at_once)
    hits = np.where(in_lines, union_hits_of_block(block, words, at_once), subsequences)
    for row in np.flatnonzero(in_lines & ~at_once).tolist():
        reference, answer = pairs[row]
        hits[row] = union_hits(lines(reference), lines(answer))
    return hits


def _within(pairs: Pairs, block: Block, wanted: Flags) -> Flags:
    """Which pairs, in their order, cannot have more than ``MOST_STEPS`` together."""
    answer_lines = np.fromiter((answer.count(LINE) + 1 for _, answer in pairs), dtype=np.int64, count=len(pairs))
    within: Flags = np.cumsum(np.where(wanted, block.lengths[0] * answer_lines, 0)) <= MOST_STEPS
    return within


def _long(block: Block) -> Flags:
    """Which pairs have a line in their answer that does not fit a machine word."""
    long = np.zeros(block.pairs, dtype=np.bool_)
    places = np.flatnonzero(block.line_lengths[block.line] > LONGEST)
    long[block.pair[places[places >= block.first_answer]]] = True
    return long
