"""Korean morphemes by kiwipiepy: particles and endings come off, so that 요금제를 and 요금제는 share a word.

The model takes 1 GB and some seconds to load, so a process has one, from the first text on.
"""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from functools import cache
from importlib.metadata import version
from itertools import compress
from threading import Lock
from typing import Any

from workers.scorer.rouge.lines import LINE
from workers.scorer.rouge.token_cache import Analysis, MemoryTokens, TokenCache, content_key

_LOADING = Lock()
_SURROGATES = re.compile("[\ud800-\udfff]")  # alone they are no text, and the model refuses them


class KoreanMorphemes:
    """Forms of morphemes in lower case, without punctuation. Analyses come from the cache where it has them."""

    def __init__(self, cache: TokenCache | None = None) -> None:
        self.signature = f"ko-morph-kiwipiepy-{version('kiwipiepy')}-model-{version('kiwipiepy_model')}"
        self._cache = MemoryTokens() if cache is None else cache

    def with_lines(self, texts: Sequence[str]) -> list[tuple[str, ...]]:
        return [found.tokens for found in self._analysed(texts)]

    def kept(self, text: str) -> int:
        return self._analysed([text])[0].kept

    def __call__(self, text: str) -> list[str]:
        return [token for token in self._analysed([text])[0].tokens if token != LINE]

    def _analysed(self, texts: Sequence[str]) -> list[Analysis]:
        keys = [content_key(self.signature, text) for text in texts]
        found = {key: analysis for key in dict.fromkeys(keys) if (analysis := self._cache.get(key)) is not None}
        missing = {key: text for key, text in zip(keys, texts, strict=True) if key not in found}
        for key, analysis in zip(missing, _analyse(list(missing.values())), strict=True):
            self._cache.put(key, analysis)
            found[key] = analysis
        return [found[key] for key in keys]


def _analyse(texts: Sequence[str]) -> list[Analysis]:
    """Line by line, all lines in one call: the model shares them out over the processor's cores."""
    if not texts:
        return []
    by_text = [_SURROGATES.sub(" ", text).split("\n") for text in texts]
    analysed = iter(_model().tokenize([line for lines in by_text for line in lines]))
    return [_analysis(lines, [next(analysed) for _ in lines]) for lines in by_text]


def _analysis(lines: Sequence[str], analysed: Sequence[Sequence[Any]]) -> Analysis:
    tokens: list[str] = []
    kept = 0
    for line, morphemes in zip(lines, analysed, strict=True):
        covered = bytearray(len(line))
        for found in morphemes:
            if any(map(str.isalnum, found.form)):
                tokens.append(found.form.lower())
                covered[found.start : found.start + found.len] = b"\1" * found.len
        tokens.append(LINE)
        kept += sum(map(str.isalnum, compress(line, covered)))
    return Analysis(tuple(tokens[:-1]), kept)


def _model() -> Any:
    with _LOADING:  # two threads must not load two
        return _loaded()


@cache
def _loaded() -> Any:
    from kiwipiepy import Kiwi

    return Kiwi(num_workers=len(os.sched_getaffinity(0)))
