"""Sentence vectors, each a function of its text alone, kept by content.

Every text is encoded by itself, never in a batch with others: a vector out of a padded batch differs in its last bits,
and a score must not depend on which shard, worker or cache a text met. What is kept has 32 bits a number, as models
give them, so that a vector from the store is the vector that was computed.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

CACHED_VECTORS = 20_000
"""About 60 MB of 384-number vectors: the reference answers of a run are encoded once for all its arms."""


class SentenceEncoder(Protocol):
    """A model that turns a text into a vector of unit length. Safe to call from several threads."""

    def encode(self, text: str) -> Vector:
        """The vector of one text that is not empty; a text beyond the model's window is averaged over windows."""
        ...

    def is_long(self, text: str) -> bool:
        """Whether the text exceeds the model's window."""
        ...

    def signature(self) -> str:
        """Model, revision, window and prefix. May load the model."""
        ...

    def load(self) -> None:
        """Loads the model; calling ``encode`` does so too."""
        ...


class VectorMemory:
    """An encoder's vectors, those used last kept. Equal texts are encoded once, also when asked for at once."""

    def __init__(self, encoder: SentenceEncoder, cached: int = CACHED_VECTORS) -> None:
        self.encoder = encoder
        self._cached = cached
        self._vectors: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, text: str) -> Vector:
        with self._lock:
            if text not in self._vectors:
                self._add(text, _narrow(self.encoder.encode(text)))
            self._vectors.move_to_end(text)
            return self._vectors[text]

    def missing(self, texts: Iterable[str]) -> list[str]:
        """Those that would be encoded, each once."""
        with self._lock:
            return [text for text in dict.fromkeys(texts) if text not in self._vectors]

    def learn(self, vectors: Mapping[str, Vector]) -> None:
        """Takes vectors that were computed elsewhere, by an encoder of the same signature."""
        with self._lock:
            for text, vector in vectors.items():
                self._add(text, vector)

    def _add(self, text: str, vector: Vector) -> None:
        self._vectors[text] = vector
        while len(self._vectors) > self._cached:
            self._vectors.popitem(last=False)


def _narrow(vector: Vector) -> Vector:
    return vector.astype(np.float32).astype(np.float64)
