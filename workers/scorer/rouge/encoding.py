"""Texts to strings of tokens, each text once: references are read again for every arm."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from threading import Lock

from workers.scorer.rouge.tokenizers import Tokenizer
from workers.scorer.rouge.vocabulary import Vocabulary

MAX_CHARACTERS = 16_000_000
"""Of texts whose tokens are remembered."""
TEXT = 100
"""Characters that a text counts for, beside those it has."""
MAX_WORDS = 200_000
"""Distinct tokens that are remembered between two calls."""


class Encoder:
    """Remembers the texts used last. Threads may share it: a token must not be given two characters."""

    def __init__(
        self, tokenizer: Tokenizer, prepare: Callable[[str], str], stem: Callable[[str], str] | None = None
    ) -> None:
        self._tokenizer = tokenizer
        self._prepare = prepare
        self._stem = stem
        self._lock = Lock()
        self._start_anew()

    def encode(self, texts: Sequence[str]) -> list[str]:
        """One character per token, and ``LINE`` between lines. Only strings of one call can be compared."""
        with self._lock:
            if len(self._vocabulary) > MAX_WORDS:
                self._start_anew()
            self._read([text for text in dict.fromkeys(texts) if text not in self._memory])
            found = [self._memory[text] for text in texts]
            self._touch(texts)
            return found

    def _read(self, texts: Sequence[str]) -> None:
        tokens = self._tokenizer.with_lines([self._prepare(text) for text in texts])
        character = self._vocabulary.__getitem__
        for text, found in zip(texts, tokens, strict=True):
            self._memory[text] = "".join(map(character, found))
            self._characters += len(text) + TEXT

    def _touch(self, texts: Sequence[str]) -> None:
        """These are the youngest now; what is too much is forgotten from the oldest on."""
        for text in texts:
            self._memory[text] = self._memory.pop(text)
        while self._characters > MAX_CHARACTERS:
            oldest = next(iter(self._memory))
            del self._memory[oldest]
            self._characters -= len(oldest) + TEXT

    def _start_anew(self) -> None:
        self._vocabulary = Vocabulary(self._stem)
        self._memory: dict[str, str] = {}
        self._characters = 0
