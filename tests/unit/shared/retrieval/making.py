"""Documents and chunks with as much said of them as a test cares for."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.artifacts import Chunk, SnapshotDocument


def document(name: str, *, title: str = "") -> SnapshotDocument:
    return SnapshotDocument(document=name, key=name, url=f"https://{name}.example", title=title, language="en")


def chunk(id: str, document: str, text: str, *, start: int = 0, section: Sequence[str] = ()) -> Chunk:
    return Chunk(id=id, document=document, text=text, section=list(section), start=start, end=start + len(text))
