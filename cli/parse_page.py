"""The page of ``groundtune parse --html``: each document beside its blocks and chunks. One file, nothing fetched."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from importlib.resources import files
from pathlib import Path

from cli.parse_source import source_view
from schemas.artifacts import Chunk
from schemas.base import content_hash
from schemas.recipe import Chunking
from shared.errors import Rejected
from shared.text.tokens import estimate_tokens
from workers.doc_ingest.files import read, shown
from workers.doc_ingest.ingest import Ingested, cut, identify, parse_as
from workers.doc_ingest.model import Parsed, Placed

MAX_CARDS = 2000
"""Blocks or chunks shown of one document: a browser has limits, too."""


@dataclass(frozen=True)
class PagePart:
    """One file's part of the page, and what became of the file: ``ingested`` or the code of its rejection."""

    html: str
    outcome: str


def head() -> str:
    """The page up to its first file."""
    css = files("cli").joinpath("parse_page.css").read_text(encoding="utf-8")
    policy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:"
    return (
        f'<!doctype html><html><head><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" '
        f'content="{policy}"><title>groundtune parse</title><style>{css}</style></head><body>'
        "<header><h1>What groundtune made of these documents</h1></header>\n"
    )


def tail() -> str:
    """The page after its last file."""
    return "</body></html>\n"


def page_part(path: Path, chunking: Chunking) -> PagePart:
    """Parses a file, as ``parse_file`` does, and shows it."""
    try:
        body = read(path)
        kind = identify(path.name, body)
        parsed = parse_as(kind, path.name, body)
        found = cut(kind, parsed, content_hash(body), chunking)
    except Rejected as error:
        return refused_part(path, error)
    columns = [
        ("Document", source_view(kind, body)),
        (f"{len(parsed.blocks)} blocks", "".join(_limited(_blocks(parsed)))),
        (f"{len(found.chunks)} chunks", "".join(_limited(_chunks(parsed, found.chunks, chunking.max_tokens)))),
    ]
    inside = "".join(f"<div><h2>{title}</h2>{content}</div>" for title, content in columns)
    return PagePart(_file(path, _known(found), f'<div class="columns">{inside}</div>'), "ingested")


def refused_part(path: Path, error: Rejected) -> PagePart:
    """The part of a file that was rejected."""
    reason = f'<p class="reason">{escape(error.message)}</p>'
    return PagePart(_file(path, f'<span class="rejected">{escape(error.code)}</span>', reason), error.code)


def _file(path: Path, known: str, inside: str) -> str:
    name = f'<span class="path">{escape(shown(path))}</span>'
    return f'<details class="file" open><summary>{name} <span class="dim">{known}</span></summary>{inside}</details>\n'


def _known(found: Ingested) -> str:
    document = found.document
    pages = f"{document.pages} pages" if document.pages else None
    facts = [document.title, document.media_type, document.language, pages, *document.notes]
    return escape(" · ".join(fact for fact in facts if fact))


def _blocks(parsed: Parsed) -> Iterator[str]:
    for placed in parsed.placed():
        block = placed.block
        kind = f"{block.kind} {block.level}" if block.level else block.kind
        yield _card(
            block.kind, [f"<b>{kind}</b>", *_place(placed.start, placed.end, block.page), _path(placed)], block.text
        )


def _chunks(parsed: Parsed, chunks: list[Chunk], max_tokens: int) -> Iterator[str]:
    for chunk in chunks:
        tokens = estimate_tokens(chunk.text)
        size = f"{tokens} tokens" if tokens <= max_tokens else f'<span class="flag">{tokens} tokens, {chunk.fit}</span>'
        facts = [f"<b>{chunk.id}</b>", size, *_place(chunk.start, chunk.end, chunk.page), _titles(chunk.section)]
        yield _card("chunk", facts, chunk.text)


def _place(start: int, end: int, page: int | None) -> list[str]:
    return [f"{start}–{end}"] + ([f"page {page}"] if page else [])


def _path(placed: Placed) -> str:
    return _titles(list(placed.section))


def _titles(section: list[str]) -> str:
    return escape(" › ".join(section))


def _card(kind: str, facts: list[str], text: str) -> str:
    told = " · ".join(fact for fact in facts if fact)
    return f'<div class="card {kind}"><div class="dim">{told}</div><pre>{escape(text)}</pre></div>'


def _limited(cards: Iterator[str]) -> Iterator[str]:
    for number, card in enumerate(cards):
        if number == MAX_CARDS:
            yield f"<p>Only the first {MAX_CARDS} are shown.</p>"
            return
        yield card
