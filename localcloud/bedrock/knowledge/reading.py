"""A folder of text as documents, cut into passages of some 300 words, about what Bedrock cuts by default."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from schemas.artifacts import Chunk
from shared.text.front_matter import split_front_matter

KINDS = (".md", ".txt")
LIMIT = 1800
"""Characters of a passage."""
_HEADING = re.compile(r"^#+ +(.+)$", re.MULTILINE)


@dataclass(frozen=True)
class Source:
    """A file: ``path`` is relative to the folder, ``metadata`` what its front matter says."""

    path: str
    title: str
    metadata: dict[str, str]
    text: str


def sources(folder: Path) -> Iterator[Source]:
    """All text and Markdown files below a folder, in the order of their paths. Bytes that are no UTF-8 are replaced."""
    for path in sorted(folder.rglob("*")):
        if path.suffix.lower() in KINDS and path.is_file():
            name = path.relative_to(folder).as_posix()
            metadata, text = split_front_matter(path.read_text("utf-8", "replace"))
            heading = _HEADING.search(text)
            yield Source(name, metadata.get("title") or (heading[1] if heading else path.stem), metadata, text)


def passages(source: Source) -> Iterator[Chunk]:
    """Paragraphs put together up to the limit; one that is longer is cut at white space."""
    start = end = 0
    for piece_start, piece_end in _pieces(source.text):
        if end > start and piece_end - start > LIMIT:
            yield _chunk(source, start, end)
            start = piece_start
        elif end == start:
            start = piece_start
        end = piece_end
    if end > start:
        yield _chunk(source, start, end)


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    """Where lines that are not blank stand together."""
    start = end = at = 0
    for line in text.splitlines(keepends=True):
        if line.strip():
            start, end = (start if end > start else at), at + len(line)
        elif end > start:
            yield start, end
            start = end = 0
        at += len(line)
    if end > start:
        yield start, end


def _pieces(text: str) -> Iterator[tuple[int, int]]:
    for start, end in _paragraphs(text):
        while end - start > LIMIT:
            cut = max(text.rfind(" ", start, start + LIMIT), text.rfind("\n", start, start + LIMIT))
            cut = cut if cut > start else start + LIMIT
            yield start, cut
            start = cut
        yield start, end


def _chunk(source: Source, start: int, end: int) -> Chunk:
    text = source.text[start:end].strip()
    digest = sha256(f"{source.path}\0{start}\0{text}".encode("utf-8", "replace")).hexdigest()
    return Chunk(id=digest[:16], document=source.path, text=text, start=start, end=end)
