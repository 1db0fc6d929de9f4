"""Versions of one page under several keys: the latest stands for it, the others are superseded. Pure."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.artifacts import SourceRecord
from schemas.state import ObjectRecord

Sourced = tuple[ObjectRecord, SourceRecord]
"""An ingested object, and where it says that it comes from."""


def latest_of_each_url(documents: Mapping[str, list[Sourced]]) -> dict[str, list[Sourced]]:
    """The documents (by hash of their bytes) without objects that a later one of the same URL replaces; a document
    without objects left is left out.

    Later is what S3 took later. Objects of one second are kept all: nothing tells them apart, and parts of one page
    are put together. A fragment counts: ``…/page#a`` and ``…/page#b`` are two URLs.
    """
    newest: dict[str, float] = {}
    for record, source in (found for own in documents.values() for found in own):
        newest[source.url] = max(newest.get(source.url, 0.0), record.modified or 0.0)
    kept = {
        document: [(record, source) for record, source in own if (record.modified or 0.0) >= newest[source.url]]
        for document, own in documents.items()
    }
    return {document: own for document, own in kept.items() if own}
