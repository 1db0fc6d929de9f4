"""The local models as a Bedrock in memory, and documents from disk as doc-ingest leaves them."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from pathlib import Path

from localcloud.engines.contract import Request
from localcloud.engines.extractive import ExtractiveEngine
from schemas.artifacts import Chunk, Document
from schemas.base import content_hash
from schemas.recipe import Chunking
from shared.bedrock.ports import Answer
from shared.errors import Rejected
from shared.testing.bedrock import Call, FakeBedrock
from workers.doc_ingest.files import walk
from workers.doc_ingest.ingest import cut, identify, parse_as

ENGINE = ExtractiveEngine()


@cache
def _answered(model: str, system: str, user: str, max_tokens: int) -> Answer:
    reply = ENGINE.converse(Request(model, None, system, user, max_tokens))
    return Answer(reply.text, reply.stop_reason, reply.input_tokens, reply.output_tokens)


def _answer(call: Call) -> Answer:
    return _answered(call.model, call.system, call.user, call.max_tokens)


def local_models() -> FakeBedrock:
    """Answers as the local Bedrock's models do; what they have answered once they do not think about again."""
    return FakeBedrock(_answer)


def parsed(folder: Path) -> Iterator[tuple[Path, Document, list[Chunk]]]:
    """Every readable document of a folder with its chunks."""
    for path in walk([folder]):
        body = path.read_bytes()
        try:
            kind = identify(path.name, body)
            found = cut(kind, parse_as(kind, path.name, body), content_hash(body), Chunking())
        except Rejected:
            continue
        yield path, found.document, list(found.chunks)
