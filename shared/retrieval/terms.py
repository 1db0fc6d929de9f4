"""The terms of an index on disk, in the order of their bytes, and the postings of each."""

from __future__ import annotations

from shared.retrieval.container import Array, Container
from shared.retrieval.postings import encoded


class Terms:
    """Looks terms up by halving."""

    def __init__(self, index: Container) -> None:
        self._letters, self._term_ends = index["terms"], index["term_ends"]
        self._ends = index["posting_ends"]
        self._places, self._counts = index["posting_places"], index["posting_counts"]

    def __len__(self) -> int:
        return len(self._ends)

    def postings(self, term: str) -> tuple[Array, Array]:
        """Places, in order, of the chunks that hold the term, and how often each does."""
        sought = encoded(term)
        low, high = 0, len(self)
        while low < high:
            middle = (low + high) // 2
            if self._name(middle) < sought:
                low = middle + 1
            else:
                high = middle
        known = low < len(self) and self._name(low) == sought
        own = slice(*_span(self._ends, low)) if known else slice(0)
        return self._places[own], self._counts[own]

    def _name(self, number: int) -> bytes:
        return self._letters[slice(*_span(self._term_ends, number))].tobytes()


def _span(ends: Array, number: int) -> tuple[int, int]:
    return (int(ends[number - 1]) if number else 0), int(ends[number])
