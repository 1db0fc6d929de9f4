"""In which order answers are shown: each answer as often in each place, and as often after each other answer."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np


def williams(size: int) -> list[list[int]]:
    """A Latin square balanced for first-order carry-over (Williams, Aust. J. Sci. Res. A 2, 1949): ``size`` rows for an
    even number, twice as many for an odd one."""
    first = [place // 2 + 1 if place % 2 else (size - place // 2) % size for place in range(size)]
    rows = [[(start + item) % size for item in first] for start in range(size)]
    return rows if size % 2 == 0 else rows + [row[::-1] for row in rows]


def orders(size: int, count: int, random: np.random.Generator) -> Iterator[list[int]]:
    """So many orders of ``size`` items: square after square, the rows of each in random order."""
    square = williams(size)
    for start in range(0, count, len(square)):
        rows = random.permutation(len(square))
        for row in rows[: count - start]:
            yield square[row]
