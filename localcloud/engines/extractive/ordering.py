"""Where the answering document stands in training rows, and where retrieval would have put it.

Retrieval shows the best document first, and the reader may trust that. Rows whose documents were shuffled, so that
nobody learns to trust the first place blindly, would unlearn it: they are read in the order that retrieval over all
documents of the training file would give them.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

from localcloud.engines.extractive.turns import Turn
from schemas.artifacts import Chunk, RetrievedDocument, SnapshotDocument
from schemas.base import content_hash
from shared.retrieval.building import build_index
from shared.retrieval.corpus import CorpusIndex
from shared.text.links import canonical_url, find_links

SIGMAS = 2.0
"""Standard deviations above chance from which the first place tells something."""


def as_retrieved(turns: Sequence[Turn], answers: Sequence[str]) -> list[Turn]:
    """The turns with their documents best first, or as they are when the answering ones mostly come first already."""
    if first_place_tells(turns, answers):
        return list(turns)
    index = _index({_key(document): document for turn in turns for document in turn.documents})
    return [replace(turn, documents=_best_first(index, turn)) for turn in turns]


def first_place_tells(turns: Sequence[Turn], answers: Sequence[str]) -> bool:
    """Whether the first document is cited more often than chance would have it; False when no row can tell."""
    first, expected, variance = 0, 0.0, 0.0
    for turn, answer in zip(turns, answers, strict=True):
        links = {canonical_url(url) for url in find_links(answer)}
        cited = [canonical_url(document.url) in links for document in turn.documents]
        if any(cited) and not all(cited):
            chance = sum(cited) / len(cited)
            first, expected, variance = first + cited[0], expected + chance, variance + chance * (1 - chance)
    return first - expected > SIGMAS * math.sqrt(variance)


def _index(documents: Mapping[str, RetrievedDocument]) -> CorpusIndex:
    """Over all documents of the training file, each a chunk of its own."""
    known = [
        SnapshotDocument(document=key, key="", url=document.url, title=document.title, language="")
        for key, document in documents.items()
    ]
    with TemporaryDirectory() as folder:
        chunks, index = Path(folder, "chunks.jsonl"), Path(folder, "index")
        with chunks.open("w", encoding="utf-8") as file:
            for key, document in documents.items():
                chunk = Chunk(id=key, document=key, text=document.text, start=0, end=len(document.text))
                file.write(chunk.model_dump_json() + "\n")
        build_index(known, chunks, index)
        return CorpusIndex(index, chunks, known)


def _best_first(index: CorpusIndex, turn: Turn) -> tuple[RetrievedDocument, ...]:
    places = {hit.id: place for place, hit in enumerate(index.search(turn.question, len(index)))}
    last = len(places)
    return tuple(sorted(turn.documents, key=lambda document: (places.get(_key(document), last), document.text)))


def _key(document: RetrievedDocument) -> str:
    return content_hash([document.url, document.title, document.text])[:32]
