"""What makes terms of a text, of chunks and questions alike. An index tells which one made it, and is asked by that.

``words``: Latin words and, of Hangul, pairs of syllables; no dictionary. ``ko-morph``: of Hangul the morphemes that
carry meaning, as kiwipiepy finds them: nouns, verb stems, adverbs and what words are built with, without particles and
endings. It takes 1 GB of memory and reads one or two hundred chunks a second.
"""

from __future__ import annotations

import importlib.metadata
import importlib.util
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from shared.errors import AnalyzerChanged, BadInput
from shared.text.language import HANGUL
from shared.text.words import match_words, words_but_hangul

WORDS = "words"
MORPHEMES = "ko-morph"
_WORDS_VERSION = "1"
"""Raised whenever ``match_words`` gives other terms than before."""
_MEANT = ("NN", "NR", "NP", "VV", "VA", "XR", "XPN", "XSN", "MAG", "MM")
"""Tags, or how they begin, of the morphemes that are looked for (Sejong tag set)."""
_HANGUL = re.compile(f"[{HANGUL}]")


@dataclass(frozen=True)
class Analyzer:
    """``terms``: those of a text, repeats included, in any order. One ``signature``, the same terms everywhere."""

    name: str
    version: str
    terms: Callable[[str], Sequence[str]]

    @property
    def signature(self) -> str:
        return f"{self.name} {self.version}"


def analyzer(name: str) -> Analyzer:
    """The analyzer of this name. Raises BadInput for one whose package is missing, KeyError for an unknown one."""
    return _ANALYZERS[name]()


def analyzer_of(signature: str) -> Analyzer:
    """The analyzer that an index was made by. Raises AnalyzerChanged when it is another version here."""
    found = analyzer(signature.split(" ")[0])
    if found.signature != signature:
        raise AnalyzerChanged(found.name, made_by=signature, here=found.signature)
    return found


def _words() -> Analyzer:
    return Analyzer(WORDS, _WORDS_VERSION, match_words)


def _morphemes() -> Analyzer:
    if importlib.util.find_spec("kiwipiepy") is None:
        raise BadInput(
            "retrieval.analyzer: ko-morph needs kiwipiepy where dataset-builder and inference run; "
            "pip install 'groundtune[korean]', or say words"
        )
    package, model = (importlib.metadata.version(name) for name in ("kiwipiepy", "kiwipiepy_model"))
    return Analyzer(MORPHEMES, f"{_WORDS_VERSION} kiwipiepy {package} model {model}", _morpheme_terms)


_ANALYZERS: dict[str, Callable[[], Analyzer]] = {WORDS: _words, MORPHEMES: _morphemes}


def _morpheme_terms(text: str) -> list[str]:
    """Lines without Hangul, such as code, are not shown to the model."""
    text = text if text.isascii() else unicodedata.normalize("NFKC", text)
    korean = "\n".join(line for line in text.splitlines() if _HANGUL.search(line))
    found = _model().tokenize(korean) if korean else ()
    meant = [token.form for token in found if token.tag.startswith(_MEANT) and _HANGUL.search(token.form)]
    return [*words_but_hangul(text), *meant]


@lru_cache(maxsize=1)
def _model() -> Any:
    from kiwipiepy import Kiwi

    return Kiwi(num_workers=1)
