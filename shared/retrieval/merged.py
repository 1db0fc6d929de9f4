"""Merged postings on disk, while an index is built: written term by term, then read in blocks."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np

from shared.retrieval.container import Array

ITEM = 4
"""Bytes of a place, and of a count."""
BLOCK = 1 << 20
"""Numbers copied at once."""
Part = tuple[memoryview, memoryview]
"""Places and counts of a term in one segment, as bytes."""


MERGED = ("terms", "term_ends", "ends", "places", "counts")


class Merged:
    """Merged postings on disk: the terms' bytes one after the other, where each ends, and what each one's are."""

    def __init__(self, folder: Path, largest: int) -> None:
        self._folder = folder
        self.largest = largest
        """The largest count."""

    def writing(self) -> Writing:
        terms, term_ends, ends, places, counts = ((self._folder / name).open("wb") for name in MERGED)
        return Writing(terms, term_ends, ends, places, counts)

    def blocks(self, name: str, kind: str) -> Iterator[Array]:
        """``terms`` (bytes), ``term_ends`` and ``ends`` (``<u8``), ``places`` and ``counts`` (``<u4``), in blocks."""
        with (self._folder / name).open("rb") as file:
            while (block := np.fromfile(file, dtype=kind, count=BLOCK)).size:
                yield block


@dataclass
class Writing:
    """The open files; terms are added in their order."""

    terms: IO[bytes]
    term_ends: IO[bytes]
    ends: IO[bytes]
    places: IO[bytes]
    counts: IO[bytes]
    letters: int = 0
    postings: int = 0

    def add(self, term: bytes, parts: Sequence[Part]) -> None:
        for places, counts in parts:
            self.places.write(places)
            self.counts.write(counts)
            self.postings += len(places) // ITEM
        self.letters += len(term)
        self.terms.write(term)
        self.term_ends.write(self.letters.to_bytes(8, "little"))
        self.ends.write(self.postings.to_bytes(8, "little"))

    def __enter__(self) -> Writing:
        return self

    def __exit__(self, *error: object) -> None:
        for file in (self.terms, self.term_ends, self.ends, self.places, self.counts):
            file.close()
