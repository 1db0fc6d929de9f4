"""56 questions that people wrote about the documentation of Claude, and its 232 sections: each has a link of its own.

Source: anthropics/claude-cookbooks, the data of its guide to retrieval-augmented generation.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from schemas.artifacts import Chunk, SnapshotDocument

DATA = Path(__file__).parents[3] / "shared/data/qa/anthropics__claude-cookbooks"


@dataclass(frozen=True)
class Cookbooks:
    """Sections as documents of one chunk, and the questions with the links that answer each."""

    documents: list[SnapshotDocument]
    chunks: list[Chunk]
    questions: list[str]
    answering: list[frozenset[str]]


def cookbooks(data: Path = DATA) -> Cookbooks:
    """Raises FileNotFoundError where the data does not lie beside the checkout."""
    sections = json.loads((data / "chunks.json").read_text("utf-8"))
    asked = json.loads((data / "questions.json").read_text("utf-8"))
    links = [section["chunk_link"] for section in sections]
    return Cookbooks(
        [SnapshotDocument(document=link, key=link, url=link, title="", language="en") for link in links],
        [_chunk(n, section["chunk_link"], section["text"]) for n, section in enumerate(sections)],
        [question["question"] for question in asked],
        [frozenset(question["correct_chunks"]) for question in asked],
    )


def _chunk(number: int, link: str, text: str) -> Chunk:
    return Chunk(id=f"{number:03d}", document=link, text=text, start=0, end=len(text))
