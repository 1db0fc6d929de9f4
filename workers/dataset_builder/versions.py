"""Versions of one page under several keys: the latest stands for it, the others are superseded. Pure."""

from __future__ import annotations

from collections import defaultdict
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
    newest = _newest(documents)
    kept = {
        document: [(record, source) for record, source in own if (record.modified or 0.0) >= newest[source.url]]
        for document, own in documents.items()
    }
    return {document: own for document, own in kept.items() if own}


def superseded_keys(documents: Mapping[str, list[Sourced]]) -> dict[str, list[str]]:
    """By URL the keys, in order, of the objects that a later one replaces."""
    newest = _newest(documents)
    found: dict[str, list[str]] = defaultdict(list)
    for record, source in (one for own in documents.values() for one in own):
        if (record.modified or 0.0) < newest[source.url]:
            found[source.url].append(record.key)
    return {url: sorted(keys) for url, keys in found.items()}


def _newest(documents: Mapping[str, list[Sourced]]) -> dict[str, float]:
    newest: dict[str, float] = {}
    for record, source in (found for own in documents.values() for found in own):
        newest[source.url] = max(newest.get(source.url, 0.0), record.modified or 0.0)
    return newest
