"""What decontamination is given and what it gives."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import get_args

from schemas.artifacts import Leak, LeakMethod, LeakPart
from workers.dataset_builder import ngrams, semantic

METHODS: tuple[LeakMethod, ...] = get_args(LeakMethod)
PARTS: tuple[LeakPart, ...] = get_args(LeakPart)


@dataclass(frozen=True)
class Item:
    """A question with its answer. ``contexts``: the texts it shows (training), or those of the documents it rests on
    (evaluation)."""

    id: str
    question: str
    answer: str
    contexts: Sequence[str] = ()


@dataclass(frozen=True)
class Limits:
    """From where on two texts are too much alike. Measured in ``benchmarks/RESULTS.md`` (data)."""

    near_question: float = semantic.NEAR
    """Jaccard similarity of trigrams: a question reworded by one word keeps 0.6 or more in 95 of 100 cases."""
    near_answer: float = 0.8
    near_context: float = 0.8
    ngram_words: int = ngrams.WORDS
    ngram_korean_letters: int = ngrams.KOREAN_LETTERS
    ngram_context: float = 0.5
    """Share of the shorter text's n-grams: documents of one house share phrases, and that is no leak."""
    telling: Mapping[str, int] = field(default_factory=lambda: MappingProxyType({"en": 60, "ko": 30}))
    """By language: letters and digits from which an answer or a document is known by its words."""
    context: bool = True
    """Off for a split by question, where training and evaluation rest on the same documents by design."""
    semantic_floor: float = semantic.FLOOR
    semantic_clean_loss: float = semantic.CLEAN_LOSS


@dataclass(frozen=True)
class Decontamination:
    """``leaks``: one for each training item to take out, in the items' order. ``counts``: how many, by method.
    ``cosines``: by language, above which cosine two questions counted as one; a language without is not compared by
    meaning."""

    leaks: list[Leak]
    counts: dict[LeakMethod, int]
    cosines: dict[str, float]
