from __future__ import annotations

import dataclasses
from typing import Any

import pytest
import structlog

from schemas.artifacts import Chunk, Document
from schemas.event import Event
from schemas.events import DocumentIngested, DocumentRejected, DocumentSubmitted
from schemas.recipe import PARSER_VERSION, Chunking
from shared.errors import Poison, Retryable
from shared.runtime.worker import Context
from shared.services import Services
from shared.store import keys
from shared.testing.services import memory_services
from workers.doc_ingest.ingest import Ingested, ingest
from workers.doc_ingest.worker import DocIngest

CONTEXT = Context(event_id="e-1", attempt=1, log=structlog.get_logger())
KEY = "inbox/telco/a guide.md"


class Counting:
    """``ingest`` in this process, counted."""

    def __init__(self) -> None:
        self.calls = 0

    async def __call__(self, name: str, body: bytes, chunking: Chunking) -> Ingested:
        self.calls += 1
        return ingest(name, body, chunking)


@pytest.fixture
def services() -> Services:
    return memory_services()


@pytest.fixture
def counting() -> Counting:
    return Counting()


@pytest.fixture
def worker(services: Services, counting: Counting) -> DocIngest:
    return DocIngest(services, counting)


def submitted(services: Services, key: str = KEY, **values: Any) -> DocumentSubmitted:
    return DocumentSubmitted(corpus="telco", bucket=services.artifacts.objects.bucket, key=key, **values)


async def put(services: Services, body: bytes, key: str = KEY, **metadata: str) -> None:
    await services.artifacts.objects.put(key, body, metadata=metadata)


async def one(worker: DocIngest, event: DocumentSubmitted) -> Event:
    (emitted,) = await worker.handle(event, CONTEXT)
    assert isinstance(emitted, Event)
    return emitted


async def test_a_document_becomes_artifacts_a_record_and_an_event(worker: DocIngest, services: Services) -> None:
    await put(services, b"# Guide\n\nTen a day.", url="https%3A%2F%2Fx.example%2Fguide", other="x")
    event = await one(worker, submitted(services))
    assert isinstance(event, DocumentIngested)
    where = ("telco", event.document, event.chunking)
    assert event.chunking == Chunking().fingerprint()
    document = await services.artifacts.read(keys.document(*where, "document.json"), Document)
    chunks = await services.artifacts.read_lines(keys.document(*where, "chunks.jsonl"), Chunk)
    assert document.title == "Guide"
    assert [chunk.text for chunk in chunks] == ["# Guide\n\nTen a day."]
    head = await services.artifacts.objects.head(keys.document(*where, "chunks.jsonl"))
    assert head is not None
    assert dict(head.metadata or {}) == {"event": "e-1", "object": "inbox/telco/a%20guide.md", "parser": PARSER_VERSION}
    record = await services.corpora.get_object("telco", event.bucket, KEY, event.chunking)
    assert record is not None
    assert (record.status, record.document, record.chunks) == ("ingested", event.document, 1)
    assert record.metadata == {"url": "https%3A%2F%2Fx.example%2Fguide"}


async def test_a_version_that_is_done_emits_the_same_again_without_work(
    worker: DocIngest, services: Services, counting: Counting
) -> None:
    await put(services, b"# Guide")
    first = await one(worker, submitted(services))
    assert await one(worker, submitted(services)) == first
    assert counting.calls == 1
    await put(services, b"# Changed guide")
    assert await one(worker, submitted(services)) != first
    assert counting.calls == 2


async def test_a_rejection_is_kept(worker: DocIngest, services: Services, counting: Counting) -> None:
    await put(services, b'{"a": 1}', key="inbox/telco/a.json")
    event = await one(worker, submitted(services, key="inbox/telco/a.json"))
    assert isinstance(event, DocumentRejected)
    assert event.code == "unsupported"
    assert await one(worker, submitted(services, key="inbox/telco/a.json")) == event
    assert counting.calls == 1


async def test_a_missing_object_is_rejected_until_it_comes(worker: DocIngest, services: Services) -> None:
    event = await one(worker, submitted(services, etag="abc"))
    assert isinstance(event, DocumentRejected)
    assert (event.code, event.etag) == ("missing", "abc")
    await put(services, b"# Guide")
    assert isinstance(await one(worker, submitted(services)), DocumentIngested)


async def test_chunking_comes_from_the_event_then_the_corpus(worker: DocIngest, services: Services) -> None:
    await put(services, b"# Guide")
    config = keys.corpus_config("telco", "pipeline.yaml")
    await services.artifacts.write_bytes(config, b"chunking: {max_tokens: 64}", "application/yaml")
    of_corpus = await one(worker, submitted(services))
    of_event = await one(worker, submitted(services, chunking=Chunking(max_tokens=99)))
    assert isinstance(of_corpus, DocumentIngested)
    assert isinstance(of_event, DocumentIngested)
    assert of_corpus.chunking == Chunking(max_tokens=64).fingerprint()
    assert of_event.chunking == Chunking(max_tokens=99).fingerprint()


async def test_a_wrong_pipeline_file_is_poison_and_fails_the_document(worker: DocIngest, services: Services) -> None:
    await put(services, b"# Guide")
    config = keys.corpus_config("telco", "pipeline.yaml")
    await services.artifacts.write_bytes(config, b"chunking: {max_token: 64}", "application/yaml")
    with pytest.raises(Poison, match=r"pipeline\.yaml is wrong"):
        await worker.handle(submitted(services), CONTEXT)
    (event,) = await worker.failed(submitted(services), "pipeline.yaml is wrong", CONTEXT)
    assert isinstance(event, DocumentRejected)
    assert event.chunking == Chunking().fingerprint()


async def test_a_document_given_up_counts_as_rejected_until_it_is_submitted_again(
    worker: DocIngest, services: Services
) -> None:
    await put(services, b"# Guide")
    (event,) = await worker.failed(submitted(services), "out of memory", CONTEXT)
    assert isinstance(event, DocumentRejected)
    assert event.code == "internal"
    assert "out of memory" in event.message
    assert isinstance(await one(worker, submitted(services)), DocumentIngested)


async def test_a_finished_document_does_not_fail_afterwards(worker: DocIngest, services: Services) -> None:
    await put(services, b"# Guide")
    done = await one(worker, submitted(services))
    assert list(await worker.failed(submitted(services), "late", CONTEXT)) == [done]


async def test_the_sources_table_goes_to_the_config_and_is_no_document(
    worker: DocIngest, services: Services, counting: Counting
) -> None:
    await put(services, b"path,url,title\n", key="inbox/telco/sources.csv")
    assert list(await worker.handle(submitted(services, key="inbox/telco/sources.csv"), CONTEXT)) == []
    copied = await services.artifacts.read_bytes(keys.corpus_config("telco", "sources.csv"))
    assert copied == b"path,url,title\n"
    assert list(await worker.handle(submitted(services, key="inbox/telco/.DS_Store"), CONTEXT)) == []
    assert counting.calls == 0


async def test_an_object_replaced_while_it_is_read_is_read_again_later(services: Services, counting: Counting) -> None:
    await put(services, b"# Guide")
    objects: Any = services.artifacts.objects
    get = objects.get

    async def replaced_meanwhile(key: str, *, bucket: str | None = None) -> bytes:
        body: bytes = await get(key, bucket=bucket)
        if key == KEY:
            await put(services, b"# Another")
        return body

    objects.get = replaced_meanwhile
    with pytest.raises(Retryable):
        await DocIngest(dataclasses.replace(services), counting).handle(submitted(services), CONTEXT)


async def test_documents_are_parsed_in_a_process_of_their_own(services: Services) -> None:
    await put(services, b"# Guide")
    assert isinstance(await one(DocIngest(services), submitted(services)), DocumentIngested)


async def test_the_same_bytes_under_another_name_are_not_parsed_again(
    services: Services, worker: DocIngest, counting: Counting
) -> None:
    await put(services, b"# Guide\n\nRead me.")
    await put(services, b"# Guide\n\nRead me.", key="inbox/telco/copy.md", title="Copy")
    first = await one(worker, submitted(services))
    second = await one(worker, submitted(services, key="inbox/telco/copy.md"))
    assert counting.calls == 1
    assert isinstance(first, DocumentIngested) and isinstance(second, DocumentIngested)
    assert (second.document, second.chunks) == (first.document, first.chunks)
    chunking = Chunking().fingerprint()
    stored = await services.corpora.get_object("telco", submitted(services).bucket, "inbox/telco/copy.md", chunking)
    assert stored is not None and stored.metadata == {"title": "Copy"}
