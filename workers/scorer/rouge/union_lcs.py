"""Summary-level ROUGE-L: the union of longest common subsequences over lines (Lin 2004, section 3.2).

Which of several longest subsequences is taken matters to the union, so rouge-score's way back through its table is
kept: a match is taken wherever the way meets one, else it goes to the shorter answer where that loses nothing while the
shorter reference would, else to the shorter reference. The table itself is never built. Its rows are bit vectors over
all lines of the answer side by side (Hyyrö 2004: V ← (V + (V & M)) | (V − (V & M))), and "the shorter reference would
lose" is the carry of that addition.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def union_hits(reference: Sequence[str], answer: Sequence[str]) -> int:
    """Tokens of the reference in the union, each counted at most as often as the answer has it.

    Lines are strings in which each character is a token; none is empty.
    """
    board = _Board(answer)
    union = Counter(token for line in reference for token in board.union(line))
    has = Counter("".join(answer))
    return sum(min(count, has[token]) for token, count in union.items())


class _Board:
    """The lines of an answer, one bit per token; above each line a bit that is always 0 and takes the carry."""

    def __init__(self, lines: Sequence[str]) -> None:
        self._matches: dict[str, int] = {}
        self._all = self._last = 0
        place = 0
        for line in lines:
            for token in line:
                self._matches[token] = self._matches.get(token, 0) | 1 << place
                place += 1
            self._all |= (1 << place) - (1 << place - len(line))
            self._last |= 1 << place - 1
            place += 1

    def union(self, line: str) -> str:
        """Tokens of a reference line that are in its longest common subsequence with any line of the answer."""
        rows = self._rows(line)
        here, found = self._last, []
        for token, matches, taken_at in reversed(rows):
            taken = here & taken_at
            if taken:
                found.append(token)
                here = here ^ taken | self._before(taken, matches)
        return "".join(found)

    def _rows(self, line: str) -> list[tuple[str, int, int]]:
        """Of each token that the answer has: where it matches, and from where the way back takes it."""
        state, rows = self._all, []
        for token in line:
            matches = self._matches.get(token, 0)
            if matches:
                used = state & matches
                added = state + used
                rows.append((token, matches, matches | (added ^ state ^ used) >> 1))
                state = (added | state ^ used) & self._all
        return rows

    def _before(self, taken: int, matches: int) -> int:
        """One bit per line, from which the way goes on: before the last match up to the bit of that line."""
        at_once = taken & matches
        before, rest = at_once >> 1, taken ^ at_once
        while rest:
            bit = rest & -rest
            rest ^= bit
            before |= 1 << (matches & bit - 1).bit_length() - 1 >> 1
        return before & self._all
