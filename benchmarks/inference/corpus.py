"""Many chunks: sentences of real documents put together anew, and questions that people asked about some of them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator

from benchmarks.data.questions import question_sets
from benchmarks.inference.material import COOKBOOKS, DATA, TELCO, cut
from shared.text.language import detect_language
from shared.text.sentences import split_sentences

WORDS = 110
"""Of a chunk, about what documents are cut into by default."""


def texts(language: str, count: int, seed: int = 7) -> list[str]:
    """The texts of chunks in a language, ``en`` or ``ko``; the same for the same arguments."""
    pool, chance = sorted(set(_sentences(language))), random.Random(seed)
    return [_composed(pool, chance) for _ in range(count)]


def questions(language: str) -> list[str]:
    return [text for one in question_sets() if one.name.endswith(language) for text in one.texts]


def _composed(pool: list[str], chance: random.Random) -> str:
    found, words = list[str](), 0
    while words < WORDS:
        found.append(chance.choice(pool))
        words += found[-1].count(" ") + 1
    return " ".join(found)


def _sentences(language: str) -> Iterator[str]:
    for text in _all():
        for start, end in split_sentences(text):
            if text[start:end].strip() and detect_language(text[start:end]) == language:
                yield text[start:end]


def _all() -> Iterator[str]:
    """What lies beside the checkout, and the example."""
    yield from (section["text"] for section in json.loads((COOKBOOKS / "chunks.json").read_text("utf-8")))
    squad = json.loads((DATA / "qa/google-deepmind__xquad/xquad.en.json").read_text("utf-8"))
    yield from (paragraph["context"] for article in squad["data"] for paragraph in article["paragraphs"])
    for folder in (TELCO / "documents", DATA / "documents"):
        yield from (chunk.text for _, _, chunks in cut(folder) for chunk in chunks)
