from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from schemas.events import DocumentIngested, DocumentRejected
from shared.testing.cloud import TestCloud
from workers.doc_ingest.worker import DocIngest

pytestmark = pytest.mark.cloud

EXAMPLES = Path("examples/telco/documents")


def bucket_of(s3: Any) -> str:
    return str(s3.list_buckets()["Buckets"][0]["Name"])


async def test_documents_dropped_into_an_inbox_end_as_chunks(groundtune_cloud: TestCloud) -> None:
    s3 = groundtune_cloud.client("s3")
    bucket = bucket_of(s3)
    dropped = {
        "inbox/telco/기지국 경보+처리.pdf": (EXAMPLES / "network/ko-base-station-alarms.pdf").read_bytes(),
        "inbox/telco/a/records.docx": (EXAMPLES / "billing/usage-records-cdr-export.docx").read_bytes(),
        "inbox/telco/~$records.docx": b"x" * 162,
        "inbox/telco/sources.csv": b"path,url,title\n",
    }
    for key, body in dropped.items():
        s3.put_object(Bucket=bucket, Key=key, Body=body)
    await groundtune_cloud.run_one(DocIngest)
    emitted = await groundtune_cloud.emitted()
    ingested = {event.key: event for event in emitted if isinstance(event, DocumentIngested)}
    assert set(ingested) == {"inbox/telco/기지국 경보+처리.pdf", "inbox/telco/a/records.docx"}
    assert [(event.key, event.code) for event in emitted if isinstance(event, DocumentRejected)] == [
        ("inbox/telco/~$records.docx", "lock_file")
    ]
    event = ingested["inbox/telco/a/records.docx"]
    key = f"corpora/telco/documents/{event.document}/{event.chunking}/chunks.jsonl"
    lines = s3.get_object(Bucket=bucket, Key=key)["Body"].read().splitlines()
    assert len(lines) == event.chunks
    assert json.loads(lines[0])["text"].startswith("# Usage records and CDR export")
    assert s3.get_object(Bucket=bucket, Key="corpora/telco/config/sources.csv")["Body"].read() == b"path,url,title\n"
