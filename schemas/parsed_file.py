"""One line of ``groundtune parse``: what became of one file. Every line has every key."""

from __future__ import annotations

from typing import Literal

from schemas.artifacts import Chunk, Document
from schemas.base import Model


class Reason(Model):
    """Why a file was rejected: a code of the closed list, and a message that says what a person can do."""

    code: str
    message: str


class ParsedChunk(Model):
    """A chunk without what all chunks of a line share. ``start`` and ``end`` point into the parsed text."""

    id: str
    text: str
    section: list[str]
    page: int | None
    start: int
    end: int


class ParsedFile(Model):
    """``media_type`` is null where the file was refused before its type was known."""

    path: str
    status: Literal["ingested", "rejected"]
    media_type: str | None = None
    title: str | None = None
    language: str | None = None
    pages: int | None = None
    reason: Reason | None = None
    chunks: list[ParsedChunk] = []


def ingested(path: str, document: Document, chunks: list[Chunk]) -> ParsedFile:
    """The line of a file that became chunks."""
    return ParsedFile(
        path=path, status="ingested", media_type=document.media_type, title=document.title,
        language=document.language, pages=document.pages,
        chunks=[ParsedChunk.model_validate(chunk.model_dump()) for chunk in chunks],
    )  # fmt: skip


def rejected(path: str, code: str, message: str, media_type: str | None = None) -> ParsedFile:
    """The line of a file that did not."""
    return ParsedFile(path=path, status="rejected", media_type=media_type, reason=Reason(code=code, message=message))
