"""The example of docs/testing.md, as it stands there, and what else the fixture offers."""

from __future__ import annotations

import pytest

from schemas.event import Event
from schemas.events import DocumentRejected, DocumentSubmitted
from shared.errors import Poison
from shared.runtime.worker import Context, Emitted, Worker
from shared.testing.cloud import TestCloud

pytestmark = pytest.mark.cloud


class MyIngest(Worker):
    name = "doc-ingest"

    async def handle(self, event: Event, context: Context) -> Emitted:
        assert isinstance(event, DocumentSubmitted)
        body = await self.services.artifacts.read_bytes(event.key)
        if body:
            raise Poison("this worker takes empty documents only")
        return [
            DocumentRejected(
                corpus=event.corpus, bucket=event.bucket, key=event.key, etag=event.etag or "", chunking="-",
                code="empty", message="the document is empty",
            )
        ]  # fmt: skip


def drop(cloud: TestCloud, key: str, body: bytes) -> None:
    s3 = cloud.client("s3")
    (bucket,) = s3.list_buckets()["Buckets"]
    s3.put_object(Bucket=bucket["Name"], Key=key, Body=body)


async def test_a_document_dropped_into_the_inbox_is_rejected_when_empty(groundtune_cloud: TestCloud) -> None:
    drop(groundtune_cloud, "inbox/demo/a+b.md", b"")
    await groundtune_cloud.run_one(MyIngest)
    (event,) = await groundtune_cloud.emitted()
    assert isinstance(event, DocumentRejected) and event.key == "inbox/demo/a+b.md"


async def test_a_pushed_event_that_is_poison_lies_in_the_dead_letter_queue(groundtune_cloud: TestCloud) -> None:
    drop(groundtune_cloud, "elsewhere/full.md", b"text")
    await groundtune_cloud.push(DocumentSubmitted(corpus="demo", bucket="b", key="elsewhere/full.md"))
    await groundtune_cloud.run_one(MyIngest)
    assert await groundtune_cloud.emitted() == []
    (dead,) = await groundtune_cloud.dead_letters("doc-ingest")
    assert "empty documents only" in dead["MessageAttributes"]["groundtune.reason"]["StringValue"]
