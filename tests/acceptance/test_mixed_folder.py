"""Five hundred files as people have them, dropped into an inbox with four workers: each has the outcome that
`groundtune parse` gives it, and nothing dies."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle, islice
from pathlib import Path

import pytest

from schemas.recipe import Chunking
from schemas.state import ObjectRecord
from shared import settings
from shared.runtime.connection import connect
from shared.store import keys
from tests.acceptance.clouds import OperatedCloud, local_cloud
from tests.acceptance.experiments import DATA
from tests.acceptance.terminal import Terminal, wait_for

CORPUS = "mixed"
FILES = 500
EXAMPLES = Path("examples/telco/documents").resolve()

pytestmark = [
    pytest.mark.cloud,
    pytest.mark.slow,
    pytest.mark.skipif(not DATA.is_dir(), reason=f"{DATA} is missing: the clone lies without its test data"),
]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Real files, what lies beside them, and torn ones up to the number."""
    real = [file for root in (DATA, EXAMPLES) for file in sorted(root.rglob("*")) if file.is_file()]
    bodies = [(f"{number}/{file.name}", file.read_bytes()) for number, file in enumerate(real)]
    bodies += [("~$report.docx", b"x" * 162), ("빈 문서 +1.txt", b""), ("a b/pipe|[1].bin", bytes(range(256)) * 9)]
    torn = islice(cycle(bodies[:: len(bodies) // 40]), FILES - len(bodies))
    bodies += [(f"torn/{number}-{Path(name).name}", body[: len(body) // 2]) for number, (name, body) in enumerate(torn)]
    for name, body in bodies:
        (tmp_path / "mixed" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mixed" / name).write_bytes(body)
    return tmp_path / "mixed"


@pytest.fixture
def cloud(tmp_path: Path) -> Iterator[OperatedCloud]:
    """A provisioned cloud with a fleet that has four workers for documents."""
    with Terminal(tmp_path) as terminal, local_cloud(terminal) as cloud:
        terminal.call("provision")
        process = terminal.start("fleet", "up", "--scale", "doc-ingest=4", "--logs", "logs")
        wait_for(lambda: sum(map(len, terminal.workers().values())) == 9)
        yield cloud
        terminal.stop(process)


def test_five_hundred_mixed_files_have_the_outcomes_that_parse_gives_them(cloud: OperatedCloud, folder: Path) -> None:
    cloud.terminal.call("parse", "mixed", "--out", "parsed.jsonl")
    lines = [json.loads(line) for line in (folder.parent / "parsed.jsonl").read_text(encoding="utf-8").splitlines()]
    wanted = {
        keys.inbox(CORPUS, str(Path(line["path"]).relative_to("mixed"))): line["reason"] and line["reason"]["code"]
        for line in lines
    }
    assert len(wanted) == FILES
    _drop(cloud, folder)
    wait_for(lambda: len(_records(cloud)) == FILES, timeout_s=200, every_s=1)
    assert {record.key: record.code for record in _records(cloud)} == wanted
    rows = [line.split() for line in cloud.terminal.call("queues").stdout.splitlines()[1:]]
    assert {row[-1] for row in rows if row} == {"0"}, "dead letters"


def _drop(cloud: OperatedCloud, folder: Path) -> None:
    s3 = cloud.client("s3")
    [bucket] = s3.list_buckets()["Buckets"]

    def put(file: Path) -> None:
        key = keys.inbox(CORPUS, str(file.relative_to(folder)))
        s3.put_object(Bucket=bucket["Name"], Key=key, Body=file.read_bytes())

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(put, [file for file in sorted(folder.rglob("*")) if file.is_file()]))


def _records(cloud: OperatedCloud) -> list[ObjectRecord]:
    async def read() -> list[ObjectRecord]:
        async with connect(settings.load(cloud.environ)) as connection:
            return await connection.services.corpora.objects(CORPUS, Chunking().fingerprint())

    with pytest.MonkeyPatch.context() as patch:
        for name, value in cloud.environ.items():
            patch.setenv(name, value)
        return asyncio.run(read())
