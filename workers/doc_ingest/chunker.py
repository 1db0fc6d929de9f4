"""A parsed document into chunks: structure first, then a token budget.

Laws, each a property test: a chunk's text is the parsed text from ``start`` to ``end``, after a repeated table header
where one is needed; nothing but white space is left out; no sentence, code block or table row is cut, but for what is
larger than models take (``pieces.LONGEST_TOKENS``); a chunk of more than one unit keeps to ``max_tokens``. ``fit`` says
of every chunk over the budget why it is.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from itertools import takewhile
from typing import Literal

from schemas.artifacts import Chunk
from schemas.base import content_hash
from schemas.recipe import Chunking
from shared.text.sentences import split_sentences
from shared.text.tokens import estimate_tokens
from workers.doc_ingest.model import Parsed
from workers.doc_ingest.prose import Split, sentence_spans
from workers.doc_ingest.units import Unit, units_of

SMALL = 0.25
"""A chunk under this share of the budget takes in the section after it: a title and a line make a poor chunk."""


def chunk(parsed: Parsed, document: str, chunking: Chunking, split: Split = split_sentences) -> list[Chunk]:
    """Chunks in reading order. ``document`` is the hash of the document's bytes, part of every chunk's id."""
    text = parsed.text
    seen: Counter[str] = Counter()
    chunks = []
    for start, group in _groups(text, units_of(parsed, chunking.max_tokens, split), chunking):
        body = group[0].header + text[start : group[-1].end] + group[-1].footer
        chunks.append(
            Chunk(
                id=chunk_id(document, body, seen[body]), document=document, text=body,
                section=_common([unit.section for unit in group]), page=group[0].page, start=start, end=group[-1].end,
                fit=_fit(group, body, chunking.max_tokens),
            )
        )  # fmt: skip
        seen[body] += 1
    return chunks


def chunk_id(document: str, text: str, repeat: int = 0) -> str:
    """16 hex digits of document and text; the n-th repeat of a text in its document counts, too."""
    return content_hash([document, text, repeat] if repeat else [document, text])[:16]


def _groups(text: str, units: Iterator[Unit], chunking: Chunking) -> Iterator[tuple[int, list[Unit]]]:
    """Where a chunk starts, and the units that share it: as many as the budget holds, of one section unless the chunk
    is still small."""
    start, group = 0, list[Unit]()
    for unit in units:
        if group and _joins(text, start, group, unit, chunking.max_tokens):
            group.append(unit)
            continue
        if group:
            yield start, group
        start, group = _start(text, group, unit, chunking), [unit]
    if group:
        yield start, group


def _joins(text: str, start: int, group: list[Unit], unit: Unit, max_tokens: int) -> bool:
    if unit.cut or group[-1].cut:
        return False
    before = group[0].header + text[start : group[-1].end]
    if unit.section != group[-1].section and estimate_tokens(before) > SMALL * max_tokens:
        return False
    return estimate_tokens(before + text[group[-1].end : unit.end]) <= max_tokens


def _fit(group: list[Unit], body: str, max_tokens: int) -> Literal["whole", "over_long", "cut"]:
    if any(unit.cut for unit in group):
        return "cut"
    return "whole" if estimate_tokens(body) <= max_tokens else "over_long"


def _common(sections: list[tuple[str, ...]]) -> list[str]:
    """The headings that all units of a chunk stand under."""
    together = zip(*sections, strict=False)
    return [titles[0] for titles in takewhile(lambda titles: len(set(titles)) == 1, together)]


def _start(text: str, before: list[Unit], first: Unit, chunking: Chunking) -> int:
    """Where a chunk starts once the last sentences before it are repeated, as far as the budget allows.

    Only prose goes on from prose of the same section; code and rows of a table are never repeated.
    """
    if first.kind != "paragraph" or first.headings:
        return first.start
    for start in _last_sentences(text, before, first.section, chunking):
        if estimate_tokens(text[start : first.end]) <= chunking.max_tokens:
            return start
    return first.start


def _last_sentences(text: str, units: list[Unit], section: tuple[str, ...], chunking: Chunking) -> list[int]:
    """Starts of up to ``overlap_sentences`` sentences at the end of the units, in order."""
    count = chunking.overlap_sentences
    starts: list[int] = []
    for unit in reversed(units):
        if unit.kind != "paragraph" or unit.section != section or len(starts) >= count:
            break
        starts = [
            unit.body + start for start, _ in sentence_spans(text[unit.body : unit.end], chunking.max_tokens)
        ] + starts
        if unit.headings:
            break
    return starts[-count:] if count else []
