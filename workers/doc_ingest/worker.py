"""doc-ingest: an object in a corpus's inbox becomes chunks, or is rejected with a reason."""

from __future__ import annotations

import os
from collections.abc import Awaitable, Callable
from typing import ClassVar
from urllib.parse import quote

from schemas.artifacts import Chunk, Document
from schemas.base import content_hash
from schemas.event import Event
from schemas.events import DocumentIngested, DocumentRejected, DocumentSubmitted
from schemas.recipe import PARSER_VERSION, Chunking
from schemas.state import ObjectRecord
from shared.errors import BadInput, Poison, Rejected, Retryable
from shared.inbox import is_document, is_sources_table, relative_path
from shared.pipeline import load_pipeline
from shared.runtime.worker import Context, Emitted, Worker
from shared.services import Services
from shared.store import keys
from shared.store.ports import StoredObject
from workers.doc_ingest.ingest import Ingested, check_size
from workers.doc_ingest.pool import Pool
from workers.doc_ingest.rejections import reject

MAX_PROCESSES = 4

SOURCE_FIELDS = ("url", "title", "licence")
PASSING = frozenset(["internal", "missing", "needs_ocr"])
"""Outcomes that say nothing about the document, or would be others where OCR is installed: the same object is tried
again when it is submitted again."""


Ingest = Callable[[str, bytes, Chunking], Awaitable[Ingested]]
"""``ingest.ingest``, run where it can do no harm."""


class DocIngest(Worker):
    """Parses documents in child processes and stores what they became, once per object version and chunking."""

    name: ClassVar[str] = "doc-ingest"

    def __init__(self, services: Services, run: Ingest | None = None) -> None:
        super().__init__(services)
        self._ingest = run or Pool(min(os.cpu_count() or 1, MAX_PROCESSES))

    async def handle(self, event: Event, context: Context) -> Emitted:
        assert isinstance(event, DocumentSubmitted)
        path = relative_path(event.corpus, event.key)
        if is_sources_table(path):
            return await self._take_sources(event)
        if not is_document(path):
            context.log.info("document.ignored", key=event.key)
            return []
        return [_event(await self._outcome(event, await self._chunking(event), context))]

    async def failed(self, event: Event, error: str, context: Context) -> Emitted:
        """The object counts as rejected, so that no run waits for it; submitted again, it is tried again."""
        assert isinstance(event, DocumentSubmitted)
        if not is_document(relative_path(event.corpus, event.key)):
            return []
        try:
            chunking = await self._chunking(event)
        except Poison:
            chunking = Chunking()
        found = await self._head(event)
        there = await self._record_of(event, chunking, found)
        if there is not None:
            return [_event(there)]
        record = _rejected(event, chunking, found, reject("internal", f"ingestion failed: {error}"))
        return [_event(await self._keep(record))]

    async def _take_sources(self, event: DocumentSubmitted) -> Emitted:
        """A sources table dropped beside the documents belongs to the corpus's config."""
        objects = self.services.artifacts.objects
        try:
            body = await objects.get(event.key, bucket=event.bucket)
        except KeyError:
            return []
        await objects.put(keys.corpus_config(event.corpus, "sources.csv"), body, content_type="text/csv")
        return []

    async def _chunking(self, event: DocumentSubmitted) -> Chunking:
        if event.chunking is not None:
            return event.chunking
        try:
            pipeline = await load_pipeline(self.services.artifacts, event.corpus)
        except BadInput as error:
            raise Poison(str(error)) from error
        return pipeline.chunking if pipeline else Chunking()

    async def _outcome(self, event: DocumentSubmitted, chunking: Chunking, context: Context) -> ObjectRecord:
        """The object's record: the stored one of this version, or what is made of it now."""
        found = await self._head(event)
        stored = await self._record_of(event, chunking, found)
        if stored is not None:
            return stored
        try:
            if found is None:
                raise reject("missing", f"there is no object s3://{event.bucket}/{event.key}")
            check_size(event.key, found.size)
            record = await self._ingested(event, chunking, found, context)
        except Rejected as rejected:
            context.log.warning("document.rejected", key=event.key, code=rejected.code, reason=rejected.message)
            record = _rejected(event, chunking, found, rejected)
        return await self._keep(record)

    async def _ingested(
        self, event: DocumentSubmitted, chunking: Chunking, found: StoredObject, context: Context
    ) -> ObjectRecord:
        body = await self._read(event, found)
        document = await self._known(event, chunking, content_hash(body))
        if document is None:
            result = await self._ingested_here(event.key, body, chunking)
            await self._write(event, chunking, result, context)
            document = result.document
        return ObjectRecord(
            corpus=event.corpus, bucket=event.bucket, key=event.key, etag=found.etag, chunking=chunking.fingerprint(),
            status="ingested", sequencer=event.sequencer, document=document.document, chunks=document.chunks,
            language=document.language, metadata=_source_metadata(found), modified=found.modified,
        )  # fmt: skip

    async def _ingested_here(self, name: str, body: bytes, chunking: Chunking) -> Ingested:
        try:
            return await self._ingest(name, body, chunking)
        except BadInput as error:  # this worker lacks what the chunking asks for
            raise Poison(str(error)) from error

    async def _known(self, event: DocumentSubmitted, chunking: Chunking, digest: str) -> Document | None:
        """What the same bytes became before, under whatever name: document.json is written last."""
        key = keys.document(event.corpus, digest, chunking.fingerprint(), "document.json")
        try:
            return await self.services.artifacts.read(key, Document)
        except KeyError:
            return None

    async def _read(self, event: DocumentSubmitted, found: StoredObject) -> bytes:
        """The bytes that belong to ``found``'s etag. Raises Retryable when the object was replaced meanwhile."""
        try:
            body = await self.services.artifacts.objects.get(event.key, bucket=event.bucket)
        except KeyError:
            body = b""
        now = await self._head(event)
        if now is None or now.etag != found.etag:
            raise Retryable(f"s3://{event.bucket}/{event.key} was replaced while it was read", delay_s=1)
        return body

    async def _write(self, event: DocumentSubmitted, chunking: Chunking, result: Ingested, context: Context) -> None:
        where = (event.corpus, result.document.document, chunking.fingerprint())
        lineage = {"event": context.event_id, "object": quote(event.key), "parser": PARSER_VERSION}
        chunks: list[Chunk] = result.chunks
        document: Document = result.document
        await self.services.artifacts.write_lines(keys.document(*where, "chunks.jsonl"), chunks, metadata=lineage)
        await self.services.artifacts.write(keys.document(*where, "document.json"), document, metadata=lineage)

    async def _head(self, event: DocumentSubmitted) -> StoredObject | None:
        return await self.services.artifacts.objects.head(event.key, bucket=event.bucket)

    async def _record_of(
        self, event: DocumentSubmitted, chunking: Chunking, found: StoredObject | None
    ) -> ObjectRecord | None:
        """The stored outcome of just this version of the object, if it is one to stand by."""
        stored = await self.services.corpora.get_object(event.corpus, event.bucket, event.key, chunking.fingerprint())
        same = stored is not None and found is not None and stored.etag == found.etag and stored.code not in PASSING
        return stored if same else None

    async def _keep(self, record: ObjectRecord) -> ObjectRecord:
        await self.services.corpora.put_object(record)
        return record


def _rejected(
    event: DocumentSubmitted, chunking: Chunking, found: StoredObject | None, rejected: Rejected
) -> ObjectRecord:
    return ObjectRecord(
        corpus=event.corpus, bucket=event.bucket, key=event.key, etag=found.etag if found else event.etag or "",
        chunking=chunking.fingerprint(), status="rejected", sequencer=event.sequencer, code=rejected.code,
        message=rejected.message, metadata=_source_metadata(found), modified=found.modified if found else None,
    )  # fmt: skip


def _source_metadata(found: StoredObject | None) -> dict[str, str]:
    metadata = (found.metadata if found else None) or {}
    return {name: metadata[name] for name in SOURCE_FIELDS if name in metadata}


def _event(record: ObjectRecord) -> Event:
    """What a record says, as an event."""
    same = {name: getattr(record, name) for name in ("corpus", "bucket", "key", "etag", "chunking")}
    if record.status == "ingested":
        return DocumentIngested(**same, document=record.document or "", chunks=record.chunks)
    return DocumentRejected(**same, code=record.code or "internal", message=record.message or "")
