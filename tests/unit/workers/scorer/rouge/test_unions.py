"""The highest bit of machine words, whatever floating point would make of them."""

from __future__ import annotations

import numpy as np
import pytest

from workers.scorer.rouge.unions import LONGEST, highest


@pytest.mark.parametrize("length", range(1, LONGEST + 1))
def test_the_highest_bit_alone_or_with_all_below(length: int) -> None:
    top = 1 << (length - 1)
    words = np.array([top, 2 * top - 1], dtype=np.uint64)
    assert highest(words).tolist() == [top, top]
