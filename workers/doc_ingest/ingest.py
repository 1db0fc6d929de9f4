"""A document's bytes into chunks: the whole of ingestion as one function, without queue, cloud or disk."""

from __future__ import annotations

from dataclasses import dataclass, replace

from schemas.artifacts import Chunk, Document
from schemas.base import content_hash
from schemas.recipe import Chunking
from shared.errors import Rejected
from shared.text.language import detect_language
from shared.text.sentences import split_sentences
from workers.doc_ingest import ocr
from workers.doc_ingest.archives import open_archive
from workers.doc_ingest.chunker import chunk
from workers.doc_ingest.detect import PDF, is_lock_file, media_type
from workers.doc_ingest.model import Parsed
from workers.doc_ingest.parsers.registry import PARSERS
from workers.doc_ingest.prose import Split
from workers.doc_ingest.rejections import reject
from workers.doc_ingest.signature import signature

MAX_BYTES = 64 * 1024 * 1024
"""A larger document is refused before it is read."""


@dataclass(frozen=True)
class Ingested:
    """What a document became."""

    document: Document
    chunks: list[Chunk]


def ingest(name: str, body: bytes, chunking: Chunking) -> Ingested:
    """Parses and cuts one document by rules alone. ``name`` is its file name or key. Raises Rejected."""
    kind, parsed = parse(name, body)
    return cut(kind, parsed, content_hash(body), chunking)


def cut(kind: str, parsed: Parsed, digest: str, chunking: Chunking, split: Split = split_sentences) -> Ingested:
    """A parsed document's chunks, and what is known of it. ``digest`` is the hash of its bytes."""
    chunks = chunk(parsed, digest, chunking, split)
    document = Document(
        document=digest, media_type=kind, title=parsed.best_title, language=detect_language(parsed.text),
        pages=parsed.pages, source=parsed.source, notes=parsed.notes, chunks=len(chunks),
        signature=signature(parsed.text),
    )  # fmt: skip
    return Ingested(document, chunks)


def parse(name: str, body: bytes) -> tuple[str, Parsed]:
    """(media type, parsed document) of one file's bytes. Raises Rejected."""
    kind = identify(name, body)
    return kind, parse_as(kind, name, body)


def parse_as(kind: str, name: str, body: bytes) -> Parsed:
    """The document, read as one of the registry's media types. Raises Rejected."""
    try:
        parsed = _read(kind, body)
    except (Rejected, MemoryError):
        raise
    except Exception as error:
        # a third-party reader meeting bytes that its author never saw: this document's fault, not the pipeline's
        raise reject("corrupt", f"{name} cannot be read as {kind} ({type(error).__name__}: {error})") from error
    if not any(char.isalnum() for char in parsed.text):
        raise reject("empty", f"{name} was read as {kind}")
    return parsed


def _read(kind: str, body: bytes) -> Parsed:
    """What the parser makes of it, after OCR if that is needed and installed."""
    try:
        return PARSERS[kind](body)
    except Rejected as rejected:
        recognised = ocr.with_text(body) if rejected.code == "needs_ocr" and kind == PDF else None
        if recognised is None:
            raise
    body, program = recognised
    try:
        parsed = PARSERS[kind](body)
    except Rejected:
        raise reject("empty", f"{program} finds no word on its pages either") from None
    return replace(parsed, notes=[*parsed.notes, f"Its text was read from pictures by {program}."])


def identify(name: str, body: bytes) -> str:
    """The media type, known from name, size and content alone. Raises Rejected."""
    check_size(name, len(body))
    if body.startswith(b"PK\x03\x04"):
        open_archive(body).close()  # whatever reads it later need not ask how much it unpacks to
    try:
        return media_type(name, body)
    except (Rejected, MemoryError):
        raise
    except Exception as error:  # as of a parser: looking into a file already is reading it
        raise reject("corrupt", f"{name} cannot be read ({type(error).__name__}: {error})") from error


def check_size(name: str, size: int) -> None:
    """Raises Rejected (``lock_file``, ``empty``, ``too_large``) for what need not be read at all."""
    if is_lock_file(name):
        raise reject("lock_file", f"{name} is an editor's lock file")
    if size == 0:
        raise reject("empty", f"{name} has no bytes")
    if size > MAX_BYTES:
        raise reject("too_large", f"{name} has {size:,} bytes, over the limit of {MAX_BYTES:,}")
