"""Many chunks: sentences of real documents put together anew, and questions that people asked about some of them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from pathlib import Path

from benchmarks.data.questions import ROOT, question_sets
from benchmarks.inference.cookbooks import DATA
from schemas.recipe import Chunking
from shared.errors import Rejected
from shared.text.language import detect_language
from shared.text.sentences import split_sentences
from workers.doc_ingest.ingest import ingest

WORDS = 110
"""Of a chunk, about what documents are cut into by default."""
_SUFFIXES = (".md", ".html", ".rst", ".docx", ".pdf", ".txt")


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
    yield from (section["text"] for section in json.loads((DATA / "chunks.json").read_text("utf-8")))
    squad = json.loads((DATA.parent / "google-deepmind__xquad/xquad.en.json").read_text("utf-8"))
    yield from (paragraph["context"] for article in squad["data"] for paragraph in article["paragraphs"])
    for folder in (ROOT / "examples/telco/documents", DATA.parents[1] / "documents"):
        for path in sorted(folder.rglob("*")):
            yield from _chunks(path)


def _chunks(path: Path) -> list[str]:
    if path.suffix not in _SUFFIXES or not path.is_file():
        return []
    try:
        return [chunk.text for chunk in ingest(path.name, path.read_bytes(), Chunking()).chunks]
    except Rejected:
        return []
