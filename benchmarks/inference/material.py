"""Chunks, questions that people asked about them, and which chunks answer each.

Cookbooks: 56 questions about the documentation of Claude, and its 232 sections, each with a link of its own. Source:
anthropics/claude-cookbooks, the data of its guide to retrieval-augmented generation.

Korean: the example's Korean questions over the example's documents and those of two Korean manuals. What answers is the
chunk of a question's documents that is closest to the reference answer by letters (longest common subsequence of a
window), so that no analyzer has a say in it.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from rapidfuzz import fuzz

from schemas.artifacts import Chunk, SnapshotDocument
from schemas.recipe import Chunking
from shared.errors import Rejected
from workers.doc_ingest.ingest import ingest

ROOT = Path(__file__).parents[2]
DATA = ROOT.parent / "shared/data"
COOKBOOKS = DATA / "qa/anthropics__claude-cookbooks"
TELCO = ROOT / "examples/telco"
MANUALS = ("openinfradev__taco-docs", "openinfradev__decapod-docs")
_SUFFIXES = (".md", ".html", ".rst", ".docx", ".pdf", ".txt")


@dataclass(frozen=True)
class Material:
    """``answering``: by question the ids of the chunks."""

    documents: list[SnapshotDocument]
    chunks: list[Chunk]
    questions: list[str]
    answering: list[frozenset[str]]


def cookbooks(data: Path = COOKBOOKS) -> Material:
    """Raises FileNotFoundError where the data does not lie beside the checkout."""
    sections = json.loads((data / "chunks.json").read_text("utf-8"))
    asked = json.loads((data / "questions.json").read_text("utf-8"))
    ids = {section["chunk_link"]: f"{n:03d}" for n, section in enumerate(sections)}
    return Material(
        [_document(link, link, "") for link in ids],
        [
            Chunk(id=ids[link], document=link, text=text, start=0, end=len(text))
            for link, text in ((section["chunk_link"], section["text"]) for section in sections)
        ],
        [question["question"] for question in asked],
        [frozenset(ids[link] for link in question["correct_chunks"]) for question in asked],
    )


def korean() -> Material:
    """Raises FileNotFoundError where the manuals do not lie beside the checkout."""
    table = (TELCO / "documents/sources.csv").read_text("utf-8").splitlines()
    urls = {row["path"]: row["url"] for row in csv.DictReader(table)}
    documents, chunks = list[SnapshotDocument](), list[Chunk]()
    for folder in (TELCO / "documents", *(DATA / "documents" / name for name in MANUALS)):
        for path, document, own in cut(folder):
            if document not in {one.document for one in documents}:
                name = path.relative_to(folder).as_posix()
                documents.append(_document(document, urls.get(name, path.as_uri()), path.stem))
                chunks += own
    rows = [json.loads(line) for line in (TELCO / "ground_truth.jsonl").read_text("utf-8").splitlines()]
    rows = [row for row in rows if row["id"].startswith("ko")]
    url_of = {one.document: one.url for one in documents}
    answering = [frozenset([_closest(chunks, url_of, row)]) for row in rows]
    return Material(documents, chunks, [row["question"] for row in rows], answering)


def cut(folder: Path) -> Iterator[tuple[Path, str, list[Chunk]]]:
    """Each document below a folder that can be read: path, id, chunks. Raises FileNotFoundError without the folder."""
    if not folder.is_dir():
        raise FileNotFoundError(f"{folder} is not there: the benchmark reads its documents")
    for path in sorted(folder.rglob("*")):
        if path.suffix in _SUFFIXES and path.is_file():
            try:
                found = ingest(path.name, path.read_bytes(), Chunking())
            except Rejected:
                continue
            yield path, found.document.document, found.chunks


def _closest(chunks: Sequence[Chunk], url_of: Mapping[str, str], row: Mapping[str, Any]) -> str:
    own = [chunk for chunk in chunks if url_of[chunk.document] in row["references"]]
    return max(own, key=lambda chunk: (fuzz.partial_ratio(row["answer"], chunk.text), chunk.id)).id


def _document(name: str, url: str, title: str) -> SnapshotDocument:
    return SnapshotDocument(document=name, key=name, url=url, title=title, language="")
