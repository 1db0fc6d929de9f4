"""The processes that ingest documents: some that parse and cut, and one that all share for Korean sentences."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath

from schemas.base import content_hash
from schemas.recipe import Chunking
from shared.text.language import detect_language
from workers.doc_ingest.ingest import Ingested, cut, parse
from workers.doc_ingest.isolation import LIMIT_S, Isolated
from workers.doc_ingest.korean import check_installed, cut_korean
from workers.doc_ingest.model import Parsed

MODEL_MAX_BYTES = 2 * 1024 * 1024 * 1024
MODEL_TIRED_BYTES = 1024 * 1024 * 1024


@dataclass(frozen=True)
class Uncut:
    """A document that the shared process is to cut. The fields are ``cut``'s."""

    kind: str
    parsed: Parsed
    digest: str


class Pool:
    """``ingest`` for many documents at a time, each where it can do no harm."""

    def __init__(self, processes: int) -> None:
        self._parsers: Isolated[Ingested | Uncut] = Isolated(_ingest, processes=processes, limit_s=LIMIT_S)
        self._korean = Isolated(
            cut_korean, processes=1, limit_s=LIMIT_S, max_bytes=MODEL_MAX_BYTES, tired_bytes=MODEL_TIRED_BYTES
        )

    async def __call__(self, name: str, body: bytes, chunking: Chunking) -> Ingested:
        """The document's chunks. Raises Rejected, ChildFailed, and BadInput when the chunking needs what is missing."""
        if chunking.korean_sentences == "kiwi":
            check_installed()
        found = await self._parsers(PurePath(name).name, body, chunking)
        if isinstance(found, Ingested):
            return found
        return await self._korean(found.kind, found.parsed, found.digest, chunking)

    def close(self) -> None:
        """Ends all processes."""
        self._parsers.close()
        self._korean.close()


def _ingest(name: str, body: bytes, chunking: Chunking) -> Ingested | Uncut:
    """A parser's work: all of it, unless the model is to look into a Korean sentence that came out too long."""
    kind, parsed = parse(name, body)
    digest = content_hash(body)
    found = cut(kind, parsed, digest, chunking)
    asked = chunking.korean_sentences == "kiwi" and any(chunk.fit != "whole" for chunk in found.chunks)
    if asked and detect_language(parsed.text) == "ko":
        return Uncut(kind, parsed, digest)
    return found
