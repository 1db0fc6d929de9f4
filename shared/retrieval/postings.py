"""Postings while an index is built: which chunks hold a term, and how often. Memory stays bounded however many come.

They are collected until there are ``SEGMENT`` of them, then written to disk in the order of the terms; at the end all
segments are merged. Source: Heinz and Zobel, "Efficient Single-Pass Index Construction for Text Databases" (2003).
Chunks are added in the order of their places, so that equal input gives equal postings whatever the segments' size.
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Mapping
from heapq import merge
from itertools import groupby
from pathlib import Path

import numpy as np

from shared.retrieval.mapped import mapped
from shared.retrieval.merged import ITEM, Merged

SEGMENT = 4_000_000
"""Postings held in memory: about 100 MB while they are sorted."""


def encoded(term: str) -> bytes:
    """A term as it is stored and ordered. Terms hold no white space, so that a line end divides them."""
    return term.encode("utf-8", "surrogatepass")


class _Numbers(dict[str, int]):
    """Numbers terms as they are first asked for."""

    def __missing__(self, term: str) -> int:
        return self.setdefault(term, len(self))


class Postings:
    """Collects postings in files of a folder of its own; ``merged`` ends it."""

    def __init__(self, folder: Path, segment: int = SEGMENT) -> None:
        folder.mkdir()
        self._folder = folder
        self._segment = segment
        self._segments: list[Path] = []
        self._first = 0
        """The place of the first chunk that is held in memory."""
        self._largest = 0
        self._clear()

    def add(self, counts: Mapping[str, int]) -> None:
        """The next chunk's terms, each with how often it occurs."""
        self._terms.extend(map(self._numbers.__getitem__, counts))
        self._counts.extend(counts.values())
        self._sizes.append(len(counts))
        if len(self._terms) >= self._segment:
            self._spill()

    def merged(self) -> Merged:
        """All postings, in the order of the terms and then of the places; the segments are gone."""
        if self._sizes:
            self._spill()
        written = Merged(self._folder, self._largest)
        entries = (_entries(path, number) for number, path in enumerate(self._segments))
        with written.writing() as out:
            for term, parts in groupby(merge(*entries, key=lambda entry: entry[:2]), key=lambda entry: entry[0]):
                out.add(term, [(places, counts) for _, _, places, counts in parts])
        for path in self._segments:
            for kind in ("terms", "ends", "places", "counts"):
                path.with_suffix(f".{kind}").unlink()
        return written

    def _spill(self) -> None:
        path = self._folder / f"{len(self._segments):06d}"
        names = sorted(self._numbers)  # the order of code points is that of UTF-8's bytes
        ranks = np.empty(len(names), dtype="<u4")
        ranks[[self._numbers[name] for name in names]] = np.arange(len(names), dtype="<u4")
        keys, counts, sizes = ranks[np.asarray(self._terms)], np.asarray(self._counts), np.asarray(self._sizes)
        order = np.argsort(keys, kind="stable")
        places = np.repeat(np.arange(self._first, self._first + len(sizes), dtype="<u4"), sizes)
        path.with_suffix(".terms").write_bytes(b"".join(encoded(name) + b"\n" for name in names))
        np.cumsum(np.bincount(keys, minlength=len(names))).astype("<u8").tofile(path.with_suffix(".ends"))
        places[order].tofile(path.with_suffix(".places"))
        counts[order].astype("<u4").tofile(path.with_suffix(".counts"))
        self._largest = max(self._largest, int(counts.max(initial=0)))
        self._segments.append(path)
        self._first += len(sizes)
        self._clear()

    def _clear(self) -> None:
        self._numbers = _Numbers()
        self._terms, self._counts, self._sizes = array("I"), array("I"), array("I")


def _entries(path: Path, number: int) -> Iterator[tuple[bytes, int, memoryview, memoryview]]:
    """Terms of a segment in order, each with its segment's number, places and counts."""
    places, counts = (memoryview(mapped(path.with_suffix(f".{kind}"))) for kind in ("places", "counts"))
    ends = memoryview(mapped(path.with_suffix(".ends"))).cast("Q")
    start = 0
    with path.with_suffix(".terms").open("rb") as terms:
        for term, end in zip(terms, ends, strict=True):
            own = slice(start * ITEM, end * ITEM)
            yield term[:-1], number, places[own], counts[own]
            start = end
