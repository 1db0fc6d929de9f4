"""Tokens of texts once analysed, by the content of the text: a second arm, or a run again, pays no tokenization."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import dataclass
from threading import Lock
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Analysis:
    """``tokens`` with marks where lines end; ``kept``: letters and digits of the text that they stand for."""

    tokens: tuple[str, ...]
    kept: int


class TokenCache(Protocol):
    """Where analyses are kept. It may forget, and never mixes two keys."""

    def get(self, key: str) -> Analysis | None:
        """What was put under the key, or None."""

    def put(self, key: str, analysis: Analysis) -> None:
        """Keeps it for as long as there is room."""


def content_key(signature: str, text: str) -> str:
    """SHA-256 of tokenizer, its versions, and text: nobody else's tokens are ever taken for these."""
    return hashlib.sha256(f"{signature}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()


class MemoryTokens:
    """A cache in memory that forgets what was used longest ago, and travels as bytes. Equal tokens are kept once.

    Whoever keeps an artifact per shard loads it before scoring, and writes ``dump()`` when ``changed`` says so.
    """

    def __init__(self, max_tokens: int = 8_000_000) -> None:
        self._max = max_tokens
        self._kept: dict[str, Analysis] = {}
        self._tokens = 0
        self._lock = Lock()
        self.changed = False

    def get(self, key: str) -> Analysis | None:
        with self._lock:
            found = self._kept.pop(key, None)
            if found is not None:
                self._kept[key] = found  # now the youngest
            return found

    def put(self, key: str, analysis: Analysis) -> None:
        with self._lock:
            self._drop(key)
            self._kept[key] = Analysis(tuple(map(sys.intern, analysis.tokens)), analysis.kept)
            self._tokens += len(analysis.tokens)
            self.changed = True
            while self._tokens > self._max:
                self._drop(next(iter(self._kept)))

    def dump(self) -> bytes:
        """All that is kept, as JSON Lines sorted by key: equal contents give equal bytes."""
        with self._lock:
            rows = sorted((key, found.kept, *found.tokens) for key, found in self._kept.items())
        return "".join(json.dumps(row) + "\n" for row in rows).encode("ascii")

    def load(self, dumped: bytes) -> None:
        """Adds what another cache dumped; does not count as a change."""
        before = self.changed
        for line in dumped.splitlines():
            key, kept, *tokens = json.loads(line)
            self.put(key, Analysis(tuple(tokens), kept))
        self.changed = before

    def _drop(self, key: str) -> None:
        found = self._kept.pop(key, None)
        self._tokens -= len(found.tokens) if found else 0
