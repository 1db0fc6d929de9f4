"""A snapshot that streams through files is, byte for byte, what lists in memory give: on the example's documents."""

from __future__ import annotations

import random
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import cast

import pytest

from schemas.artifacts import Chunk, Document, GroundTruth, SnapshotDocument
from schemas.recipe import Chunking
from schemas.state import ObjectRecord
from shared.ground_truth import read_ground_truth
from shared.retrieval.corpus import CorpusIndex
from shared.services import Services
from shared.sources import parse_sources_csv
from shared.store import indexes, keys
from shared.store.artifacts import as_line
from shared.testing.services import memory_services
from tests.unit.shared.retrieval.oracle import PlainIndex
from tests.unit.workers import world
from tests.unit.workers.dataset_builder import oracle
from workers.dataset_builder.connections import connect
from workers.dataset_builder.examples import ExampleMaker
from workers.dataset_builder.snapshots import Snapshot, take_snapshot
from workers.doc_ingest.ingest import Ingested, ingest

EXAMPLE = Path(__file__).parents[4] / "examples" / "telco"
SOURCES = (EXAMPLE / "documents" / "sources.csv").read_bytes()


@pytest.fixture(scope="module")
def ingested() -> dict[str, Ingested]:
    """The example's texts by path, and one of them again with a sentence more."""
    paths = sorted(path for kind in ("md", "html") for path in (EXAMPLE / "documents").rglob(f"*.{kind}"))
    bodies = {str(path.relative_to(EXAMPLE / "documents")): path.read_bytes() for path in paths}
    bodies["copy.md"] = (
        bodies["devices/esim-provisioning.md"].split(b"---", 2)[-1] + b"\n\nOne sentence is added here.\n"
    )
    return {name: ingest(name, body, Chunking()) for name, body in bodies.items()}


@pytest.fixture
async def services(ingested: dict[str, Ingested]) -> Services:
    """What doc-ingest leaves behind."""
    made = memory_services()
    for name, one in ingested.items():
        where = (world.CORPUS, one.document.document, world.CHUNKING)
        await made.artifacts.write(keys.document(*where, "document.json"), one.document)
        await made.artifacts.write_lines(keys.document(*where, "chunks.jsonl"), one.chunks)
        await made.corpora.put_object(
            ObjectRecord(
                corpus=world.CORPUS, bucket=world.bucket(made), key=keys.inbox(world.CORPUS, name), etag="e",
                chunking=world.CHUNKING, status="ingested", document=one.document.document, chunks=len(one.chunks),
            )
        )  # fmt: skip
    await made.artifacts.write_bytes(keys.corpus_config(world.CORPUS, "sources.csv"), SOURCES, "text/csv")
    return made


@pytest.fixture
async def taken(services: Services) -> AsyncIterator[Snapshot]:
    records = await services.corpora.objects(world.CORPUS, world.CHUNKING)
    with TemporaryDirectory() as folder:
        yield await take_snapshot(services, world.experiment(), records, Path(folder))


@pytest.fixture
async def plain(services: Services, ingested: dict[str, Ingested]) -> tuple[list[SnapshotDocument], list[Chunk]]:
    parsed: dict[str, Document] = {one.document.document: one.document for one in ingested.values()}
    chunks = {one.document.document: one.chunks for one in ingested.values()}
    records = await services.corpora.objects(world.CORPUS, world.CHUNKING)
    return oracle.snapshot(parsed, chunks, records, parse_sources_csv(SOURCES))


Plain = tuple[list[SnapshotDocument], list[Chunk]]


async def test_the_snapshot_is_the_same(taken: Snapshot, plain: Plain) -> None:
    documents, chunks = plain
    assert taken.documents == documents
    assert taken.chunks.read_bytes() == b"".join(map(as_line, chunks))
    groups = {document.key.rpartition("/")[2]: document.group for document in documents}
    assert groups["copy.md"] == groups["esim-provisioning.md"]
    assert len(set(groups.values())) > 10


def teaching(documents: Sequence[SnapshotDocument], seed: int) -> list[SnapshotDocument]:
    """Some of the documents, as a split leaves them."""
    chosen = set(random.Random(seed).sample([d.document for d in documents], len(documents) * 2 // 3))
    return [document for document in documents if document.document in chosen]


@pytest.mark.parametrize("seed", [1, 2, 3])
async def test_units_that_connect_documents_are_the_same(taken: Snapshot, plain: Plain, seed: int) -> None:
    index = await indexes.build(taken.documents, taken.chunks)
    own, chunks = teaching(taken.documents, seed), plain[1]
    for wanted in (3, 40):
        units = connect(own, CorpusIndex(index, taken.chunks, own), wanted=wanted, seed=seed)
        assert units == oracle.connected(own, chunks, PlainIndex(own, chunks), wanted=wanted, seed=seed) != []


@pytest.mark.parametrize("seed", [1, 2])
async def test_examples_are_the_same(taken: Snapshot, plain: Plain, seed: int) -> None:
    index = await indexes.build(taken.documents, taken.chunks)
    own, chunks = teaching(taken.documents, seed), plain[1]
    maker = ExampleMaker(CorpusIndex(index, taken.chunks, own), own, top_k=5, seed=seed)
    expected = ExampleMaker(cast(CorpusIndex, PlainIndex(own, chunks)), own, top_k=5, seed=seed)
    pairs = answerable(own)
    assert len(pairs) > 20
    assert list(map(maker.original, pairs)) == list(map(expected.original, pairs))


def answerable(documents: Sequence[SnapshotDocument]) -> list[GroundTruth]:
    """The example's pairs whose references are all among the documents."""
    urls = {document.url for document in documents}
    body = (EXAMPLE / "ground_truth.jsonl").read_bytes()
    return [pair for pair in read_ground_truth("ground_truth.jsonl", body) if urls.issuperset(pair.references)]
