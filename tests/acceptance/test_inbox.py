"""The pipeline as an operator runs it: a cloud, a fleet, documents dropped into inboxes, runs that start alone."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest

from schemas.artifacts import Chunk, Document
from schemas.recipe import Chunking
from schemas.state import ObjectRecord, RunRecord
from shared import settings
from shared.runtime.connection import Connection, connect
from shared.sources import parse_sources_csv, resolve, to_metadata
from shared.store import keys
from tests.acceptance.clouds import OperatedCloud, local_cloud
from tests.acceptance.experiments import DATA
from tests.acceptance.terminal import Terminal, wait_for

T = TypeVar("T")

DOCUMENTS = DATA / "documents"
MAGMA = "magma__magma"
BASICS = f"{MAGMA}/docs/readmes/basics"
DECAPOD = "openinfradev__decapod-docs/docs"
FILES = DATA / "files"
CORPUS = "field-notes"
DELIVERED = {
    "introduction.md": DOCUMENTS / BASICS / "introduction.md",
    "guides/quick start guide.md": DOCUMENTS / BASICS / "quick_start_guide.md",
    "guides/before+after (v2) [final].md": DOCUMENTS / BASICS / "prerequisites.md",
    "guides/100% sure?.md": DOCUMENTS / MAGMA / "docs/readmes/lte/ha_setup.md",
    "한국어/배포 개요.md": DOCUMENTS / DECAPOD / "concepts/deployment.md",
    "한국어/설치+설정.md": DOCUMENTS / DECAPOD / "getting-started/install.md",
    "한국어/용어집.md": DOCUMENTS / DECAPOD / "glossary.md",
    "제품 개요 (최종).pdf": DOCUMENTS / MAGMA / "docs/pdfs/Magma_Product_Overview.pdf",
    "charter.docx.pdf": DOCUMENTS / MAGMA / "Magma_Technical_Charter_Final_1-26-2021.docx.pdf",
    "tables & links.docx": FILES / "python-openxml__python-docx/features/steps/test_files/par-hyperlinks.docx",
    "dialplan=a,b;c.mdx": DOCUMENTS / "signalwire__freeswitch-docs/docs/dialplan/xml-dialplan.mdx",
    "codecs~old'.mdx": DOCUMENTS / "signalwire__freeswitch-docs/docs/reference/appendix-codec-table.mdx",
}
"""Real files by the names that people might give them."""
LISTED = {
    "한국어/배포 개요.md": "https://docs.example.com/ko/배포",
    "제품 개요 (최종).pdf": "https://docs.example.com/overview.pdf",
    "charter.docx.pdf": "https://listed.example.com/charter",
}
"""URLs by sources.csv."""
CARRIED = {
    "guides/before+after (v2) [final].md": "https://docs.example.com/a?b=c%20d",
    "charter.docx.pdf": "https://docs.example.com/charter",
}
"""URLs by object metadata, which come before sources.csv."""
FRONT = (
    "front matter.md",
    "https://docs.example.com/front",
    b"---\nurl: https://docs.example.com/front\n---\n# Hello\n\nOne.\n",
)
"""A document whose own front matter comes before all."""

pytestmark = [
    pytest.mark.cloud,
    pytest.mark.slow,
    pytest.mark.skipif(not DOCUMENTS.is_dir(), reason=f"{DOCUMENTS} is missing: the clone lies without its test data"),
]


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OperatedCloud]:
    """A provisioned cloud."""
    with Terminal(tmp_path_factory.mktemp("inbox")) as terminal, local_cloud(terminal) as cloud:
        assert "created" in terminal.call("provision").stdout.splitlines()[-1]
        assert terminal.call("provision").stdout.splitlines()[-1] == "nothing changed"
        terminal.call("init", "experiment")
        yield cloud


@pytest.fixture(scope="module")
def bucket(cloud: OperatedCloud) -> str:
    """The bucket that provisioning made."""
    [found] = cloud.client("s3").list_buckets()["Buckets"]
    return str(found["Name"])


@pytest.fixture(scope="module")
def fleet(cloud: OperatedCloud) -> Iterator[subprocess.Popen[str]]:
    """A fleet that has begun to work; it must end cleanly."""
    process = cloud.terminal.start("fleet", "up", "--logs", "logs")
    wait_for(lambda: len(cloud.terminal.workers()) == 6)
    yield process
    assert "6 workers run; Ctrl-C stops them" in cloud.terminal.stop(process).stderr


@pytest.fixture(scope="module")
def delivered(cloud: OperatedCloud, bucket: str, fleet: object) -> dict[str, ObjectRecord]:
    """Documents dropped into the inbox, and what became of each: its record, by its path."""
    s3 = cloud.client("s3")
    rows = "".join(f'"{path}",{url},\n' for path, url in LISTED.items())
    s3.put_object(Bucket=bucket, Key=keys.corpus_config(CORPUS, "sources.csv"), Body=f"path,url,title\n{rows}".encode())
    for path, file in DELIVERED.items():
        metadata = to_metadata({"url": CARRIED[path]}) if path in CARRIED else {}
        s3.put_object(Bucket=bucket, Key=keys.inbox(CORPUS, path), Body=file.read_bytes(), Metadata=metadata)
    name, _, body = FRONT
    metadata = {"url": "https://elsewhere.example.com"}
    s3.put_object(Bucket=bucket, Key=keys.inbox(CORPUS, name), Body=body, Metadata=metadata)
    wait_for(lambda: len(_records(cloud)) == len(DELIVERED) + 1, timeout_s=90, every_s=0.5)
    return {record.key.removeprefix(keys.inbox(CORPUS)): record for record in _records(cloud)}


def test_every_document_dropped_becomes_chunks(cloud: OperatedCloud, delivered: dict[str, ObjectRecord]) -> None:
    assert sorted(delivered) == sorted([*DELIVERED, FRONT[0]])
    assert {path: record.message for path, record in delivered.items() if record.status != "ingested"} == {}
    for record in delivered.values():
        chunks = _on(cloud, partial(_chunks, record))
        assert len(chunks) == record.chunks > 0
        assert all(chunk.text.strip() and chunk.document == record.document for chunk in chunks)


def test_every_document_has_the_url_that_it_is_cited_by(
    cloud: OperatedCloud, bucket: str, delivered: dict[str, ObjectRecord]
) -> None:
    """Front matter, then metadata, then sources.csv, else its own URI, percent-encoded."""
    urls = _on(cloud, lambda connection: _urls(connection, delivered))
    assert urls.pop(FRONT[0]) == FRONT[1]
    for path, url in {**LISTED, **CARRIED}.items():
        assert urls.pop(path) == url
    assert urls["introduction.md"] == f"s3://{bucket}/inbox/{CORPUS}/introduction.md"
    assert urls["guides/100% sure?.md"] == f"s3://{bucket}/inbox/{CORPUS}/guides/100%25%20sure%3F.md"
    assert all(url.startswith(f"s3://{bucket}/inbox/{CORPUS}/") and url.isascii() for url in urls.values())


def test_the_queues_drain_to_zero(cloud: OperatedCloud, delivered: object) -> None:
    wait_for(lambda: _backlog(cloud) == 0)
    assert "dead letters" in cloud.terminal.call("queues").stdout


def test_a_run_starts_by_itself_when_documents_arrive(cloud: OperatedCloud, bucket: str, fleet: object) -> None:
    run_file = _from_inbox(cloud, bucket, "automatic")
    said = cloud.terminal.call("submit", run_file, "--on-arrival", "1").stdout
    assert f"s3://{bucket}/inbox/automatic/ now start runs by themselves" in said
    assert "No runs yet" in cloud.terminal.call("runs", "list").stdout
    body = (cloud.terminal.folder / "experiment/documents/example.md").read_bytes()
    cloud.client("s3").put_object(Bucket=bucket, Key=keys.inbox("automatic", "example.md"), Body=body)
    [run] = wait_for(lambda: _runs(cloud), every_s=0.5)
    assert f"Run {run.run} is completed." in cloud.terminal.call("runs", "watch", run.run).stdout
    shown = cloud.terminal.call("runs", "show", run.run).said
    assert "documents ingested 1 of 1" in shown and "arm baseline: predicted" in shown
    assert f"{run.run} completed automatic" in cloud.terminal.call("runs", "list").said
    report = cloud.client("s3").get_object(Bucket=bucket, Key=keys.run(run.run, "report/report.json"))["Body"]
    assert json.loads(report.read())["status"] == "completed"
    wait_for(lambda: _backlog(cloud) == 0)


def test_a_cancelled_run_ends_and_its_deployments_are_gone(
    cloud: OperatedCloud, bucket: str, fleet: subprocess.Popen[str]
) -> None:
    """No answers come while the inference workers are stopped, so that the run is cancelled in its midst."""
    for pid in cloud.terminal.workers()["inference"]:
        os.kill(pid, signal.SIGSTOP)
    try:
        run = cloud.terminal.call("submit", _from_inbox(cloud, bucket, "automatic")).stdout.strip()
        bedrock = cloud.client("bedrock")
        wait_for(lambda: _deployments(bedrock), every_s=0.5)
        assert f"Run {run} is cancelled." in cloud.terminal.call("runs", "cancel", run).stdout
        wait_for(lambda: not _deployments(bedrock), every_s=0.5)
    finally:
        for pid in cloud.terminal.workers()["inference"]:
            os.kill(pid, signal.SIGCONT)
    assert f"Run {run} is cancelled: cancelled by a person." in cloud.terminal.call("runs", "show", run).said
    assert f"Run {run} had ended already." in cloud.terminal.call("runs", "cancel", run).stdout
    wait_for(lambda: _backlog(cloud) == 0)


def _from_inbox(cloud: OperatedCloud, bucket: str, corpus: str) -> Path:
    """The starter experiment over whatever lies in a corpus's inbox."""
    folder = cloud.terminal.folder / corpus
    shutil.copytree(cloud.terminal.folder / "experiment", folder, dirs_exist_ok=True)
    text = (folder / "run.yaml").read_text(encoding="utf-8")
    text = text.replace("documents: documents ", f"documents: s3://{bucket}/inbox/{corpus}/ ")
    text = text.replace("name: my-documents ", f"name: {corpus} ")
    (folder / "run.yaml").write_text(text, encoding="utf-8")
    return folder / "run.yaml"


def _backlog(cloud: OperatedCloud) -> int:
    """Messages waiting or being worked on; later sweeps of a run may lie delayed. Nothing may have died."""
    counts = json.loads(cloud.terminal.call("queues", "--json").stdout)
    assert [count for count in counts if count["dead"]] == []
    return sum(int(count["waiting"]) + int(count["in_flight"]) for count in counts)


def _deployments(bedrock: Any) -> list[Any]:
    found: list[Any] = bedrock.list_custom_model_deployments()["modelDeploymentSummaries"]
    return found


def _records(cloud: OperatedCloud) -> list[ObjectRecord]:
    return _on(cloud, lambda connection: connection.services.corpora.objects(CORPUS, Chunking().fingerprint()))


def _runs(cloud: OperatedCloud) -> list[RunRecord]:
    return _on(cloud, lambda connection: connection.services.runs.all())


async def _chunks(record: ObjectRecord, connection: Connection) -> list[Chunk]:
    key = keys.document(record.corpus, str(record.document), record.chunking, "chunks.jsonl")
    return await connection.services.artifacts.read_lines(key, Chunk)


async def _urls(connection: Connection, records: dict[str, ObjectRecord]) -> dict[str, str]:
    artifacts = connection.services.artifacts
    table = parse_sources_csv(await artifacts.read_bytes(keys.corpus_config(CORPUS, "sources.csv")))
    urls = {}
    for path, record in records.items():
        key = keys.document(record.corpus, str(record.document), record.chunking, "document.json")
        urls[path] = resolve(record, await artifacts.read(key, Document), table).url
    return urls


def _on(cloud: OperatedCloud, work: Callable[[Connection], Awaitable[T]]) -> T:
    async def go() -> T:
        async with connect(settings.load(cloud.environ)) as connection:
            return await work(connection)

    with pytest.MonkeyPatch.context() as patch:
        for name, value in cloud.environ.items():
            patch.setenv(name, value)
        return asyncio.run(go())
