"""Embedding similarity: cosine of two sentence vectors, each a function of its text alone.

Every text is encoded by itself, never in a batch with others: a vector out of a padded batch differs in its last bits,
and a score must not depend on which shard, worker or cache a text met.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from workers.scorer.rouge import words_only

Vector = NDArray[np.float64]

DIGITS = 6
"""Cosines are rounded: beyond this, processors and library builds differ."""

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
        """Model, version and window, for the report."""
        ...

    def load(self) -> None:
        """Loads the model; calling ``encode`` does so too."""
        ...


class Similarity:
    """Cosine similarity of texts, vectors kept in memory by content."""

    def __init__(self, encoder: SentenceEncoder, cached: int = CACHED_VECTORS) -> None:
        self.encoder = encoder
        self._cached = cached
        self._vectors: OrderedDict[str, Vector] = OrderedDict()
        self._lock = threading.Lock()

    def of(self, reference: str, answer: str) -> float:
        """Cosine, rounded to 6 digits, links taken out of both texts; 0 when either has no text left."""
        left, right = words_only(reference), words_only(answer)
        if not left or not right:
            return 0.0
        return round(float(self._vector(left) @ self._vector(right)), DIGITS)

    def long_share(self, texts: list[str]) -> float:
        """Share of texts that were averaged over windows; 0 for no texts."""
        stripped = [words_only(text) for text in texts]
        return sum(map(self.encoder.is_long, stripped)) / len(stripped) if stripped else 0.0

    def signature(self) -> str:
        return f"cosine|{self.encoder.signature()}|long=mean-of-windows|batch=1|nfc|url=strip|digits={DIGITS}"

    def _vector(self, text: str) -> Vector:
        with self._lock:
            if text not in self._vectors:
                self._vectors[text] = self.encoder.encode(text)
                while len(self._vectors) > self._cached:
                    self._vectors.popitem(last=False)
            self._vectors.move_to_end(text)
            return self._vectors[text]
