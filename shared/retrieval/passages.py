"""How a chunk reads: under its headings for a model, with its title and headings for a search. Pure."""

from __future__ import annotations

from schemas.artifacts import Chunk


def with_headings(chunk: Chunk) -> str:
    """A chunk's text under its headings, so that a reader knows what it is about."""
    missing = [heading for heading in chunk.section if heading not in chunk.text]
    return "\n".join([*(f"# {heading}" for heading in missing), chunk.text])


def searchable(title: str, chunk: Chunk) -> str:
    """What a chunk is found by: its document's title, its headings and its text."""
    return "\n".join([title, *chunk.section, chunk.text])
