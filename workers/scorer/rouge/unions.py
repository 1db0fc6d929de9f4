"""Summary-level ROUGE-L of many pairs at once: ``union_lcs`` with one machine word for each line against each line.

A *lane* is a line of a reference against a line of its answer; its *steps* are the tokens of the reference line that
the answer line has. All lanes take their first step at once, then all that have a second, and back the same way.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from workers.scorer.rouge.block import Block, Flags, Ints, begins, ordered
from workers.scorer.rouge.ngrams import Shared
from workers.scorer.rouge.prf import Counts

Bits = npt.NDArray[np.uint64]

LONGEST = 63
"""Tokens of an answer's line that fit a machine word beside the carry."""

_ONE = np.uint64(1)


@dataclass(frozen=True)
class _Steps:
    """Steps lane by lane, the lane with most steps first.

    ``places``: the reference's token; ``matches``: where the answer's line has it. Per lane ``starts``: its first
    step, ``full``: as many bits as the answer's line has tokens. ``active``: of each round, how many lanes take part.
    """

    places: Ints
    matches: Bits
    starts: Ints
    full: Bits
    active: list[int]


def union_hits_of_block(block: Block, words: Shared, wanted: Flags) -> Counts:
    """Per pair what ``union_lcs.union_hits`` finds; 0 for pairs that are not ``wanted``.

    ``words``: the shared 1-grams of the block. No answer of a wanted pair has a line of more than ``LONGEST`` tokens.
    """
    asked = wanted[block.pair[words.places]]
    places, numbers = words.places[asked], words.numbers[asked]
    if not len(places):
        return np.zeros(block.pairs, dtype=np.int64)
    of_answers = places >= block.first_answer
    steps = _steps(block, places, numbers, of_answers)
    in_union = np.zeros(len(block.tokens), dtype=np.bool_)
    in_union[steps.places[_taken(steps)]] = True
    union = np.bincount(numbers, weights=in_union[places])
    hits = np.minimum(union, np.bincount(numbers, weights=of_answers))
    pair_of = np.zeros(len(hits), dtype=np.int64)
    pair_of[numbers] = block.pair[places]
    return np.bincount(pair_of, weights=hits, minlength=block.pairs).astype(np.int64)


def _steps(block: Block, places: Ints, numbers: Ints, of_answers: Flags) -> _Steps:
    """Each token of a reference line meets each line of the answer that has the token."""
    theirs, line_of, matches = _matches(block, places[of_answers], numbers[of_answers])
    ours, own = numbers[~of_answers], places[~of_answers]
    many = np.bincount(theirs)
    repeats = many[ours]
    token = np.repeat(np.arange(len(ours)), repeats)
    entry = (np.cumsum(many) - many)[ours[token]] + np.arange(len(token)) - (np.cumsum(repeats) - repeats)[token]
    order = ordered(line_of[entry], own[token])
    step_at, met = own[token[order]], entry[order]
    starts = begins(line_of[met], block.line[step_at])
    counts = np.diff(starts, append=len(met))
    lanes = np.argsort(-counts, kind="stable")
    active = len(lanes) - np.searchsorted(np.sort(counts), np.arange(counts.max()), side="right")
    full = (_ONE << block.line_lengths.astype(np.uint64)[line_of[met[starts[lanes]]]]) - _ONE
    return _Steps(step_at, matches[met], starts[lanes], full, active.tolist())


def _matches(block: Block, places: Ints, numbers: Ints) -> tuple[Ints, Ints, Bits]:
    """Of each token and each line of an answer that has it: the token's number, the line, and where, as bits."""
    line = block.line[places]
    firsts = np.cumsum(block.line_lengths) - block.line_lengths
    bits = _ONE << (places - firsts[line]).astype(np.uint64)
    starts = begins(numbers, line)
    return numbers[starts], line[starts], np.bitwise_or.reduceat(bits, starts)


def _taken(steps: _Steps) -> Flags:
    """Which steps are part of the longest common subsequence of their lane."""
    takes_at = _forth(steps)
    here = steps.full ^ steps.full >> _ONE
    taken = np.zeros(len(steps.places), dtype=np.bool_)
    for number in range(len(steps.active) - 1, -1, -1):
        at = steps.starts[: steps.active[number]] + number
        bits = here[: len(at)] & takes_at[at]
        lanes = np.flatnonzero(bits)
        taken[at[lanes]] = True
        here[lanes] = highest(steps.matches[at[lanes]] & (bits[lanes] << _ONE) - _ONE) >> _ONE
    return taken


def _forth(steps: _Steps) -> Bits:
    """Of each step, at which places of the answer's line the way back takes its token."""
    takes_at = np.empty(len(steps.places), dtype=np.uint64)
    state = steps.full.copy()
    for number, lanes in enumerate(steps.active):
        at = steps.starts[:lanes] + number
        matches, old = steps.matches[at], state[:lanes]
        used = old & matches
        added = old + used
        takes_at[at] = matches | (added ^ old ^ used) >> _ONE
        state[:lanes] = (added | old ^ used) & steps.full[:lanes]
    return takes_at


def highest(bits: Bits) -> Bits:
    """The highest bit of each; none is 0."""
    alone = (bits & ~(bits >> _ONE)).astype(np.float64)  # without the second bit it cannot be rounded up
    return _ONE << ((alone.view(np.uint64) >> np.uint64(52)) - np.uint64(1023))
