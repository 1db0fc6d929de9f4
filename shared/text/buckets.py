"""Texts that share a key: the buckets of locality-sensitive hashing, as sorted arrays."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

from shared.text.trigrams import Numbers, Places


class Entries:
    """Keys of one band with the texts they belong to; of those only what falls to one shard by its key."""

    def __init__(self, shard: int, shards: int) -> None:
        self._shard, self._shards = np.uint64(shard), np.uint64(shards)
        self._keys: list[Numbers] = []
        self._texts: list[npt.NDArray[np.uint32]] = []

    def add(self, start: int, keys: Numbers) -> None:
        """Keys of the texts from ``start`` on."""
        own = np.flatnonzero(keys % self._shards == self._shard)
        self._keys.append(keys[own])
        self._texts.append((start + own).astype(np.uint32))

    def taken(self, wanted: npt.NDArray[np.bool_]) -> tuple[Numbers, Places]:
        """Keys and texts, as far as ``wanted`` says, sorted by key and text; nothing is kept here."""
        if not self._keys:
            return np.zeros(0, np.uint64), np.zeros(0, np.int64)
        keys, texts = np.concatenate(self._keys), np.concatenate(self._texts)
        self._keys.clear()
        self._texts.clear()
        keys, texts = keys[wanted[texts]], texts[wanted[texts]]
        order = np.argsort(keys, kind="stable")
        return keys[order], texts[order].astype(np.int64)


def meetings(keys: Numbers, texts: Places) -> Iterator[tuple[Places, Places]]:
    """All pairs of texts with equal keys, sorted as ``taken`` gives them, the earlier text on the left: neighbours
    first, then the next but one …"""
    places = np.flatnonzero(keys[1:] == keys[:-1])
    distance = 1
    while len(places):
        yield texts[places], texts[places + distance]
        distance += 1
        places = places[places + distance < len(keys)]
        places = places[keys[places + distance] == keys[places]]


def copies(keys: Numbers) -> Places:
    """For each text the first one with the same key; itself where there is none before it."""
    order = np.argsort(keys, kind="stable")
    begins = np.ones(len(keys), np.bool_)
    begins[1:] = keys[order][1:] != keys[order][:-1]
    first = np.zeros(len(keys), np.int64)
    first[order] = order[begins][np.cumsum(begins) - 1]
    return first
