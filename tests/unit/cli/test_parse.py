from __future__ import annotations

import json
import os
import re
import signal
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from cli.parse import _each, command
from schemas.parsed_file import ParsedFile
from schemas.recipe import Chunking
from workers.doc_ingest.files import parse_file, refused, walk

EXAMPLES = Path("examples/telco/documents")
KEYS = {"path", "status", "media_type", "title", "language", "pages", "reason", "chunks"}
CHUNK_KEYS = {"id", "text", "section", "page", "start", "end"}


def parse(*arguments: str | Path) -> Result:
    result = CliRunner().invoke(command, [str(argument) for argument in arguments])
    assert result.exit_code == 0, result.output
    return result


def lines(result: Result) -> list[dict[str, Any]]:
    return [json.loads(line) for line in result.stdout.splitlines()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    files = {
        "b/나 +1 [x].md": "# 안내\n\n요금제를 변경합니다.", "b/~$a.docx": "x" * 162, "a.md": "# Title\n\nText.",
        "empty.txt": "", ".hidden": "x", ".git/config": "x", "b/.~lock.a.docx#": "ada",
    }  # fmt: skip
    for name, text in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(text)
    (tmp_path / "z.bin").write_bytes(bytes(range(256)) * 4)
    return tmp_path


def test_every_file_is_a_line_in_the_order_given(folder: Path) -> None:
    found = lines(parse(folder / "z.bin", folder, folder / "a.md", "--jobs", "2"))
    names = [str(Path(line["path"]).relative_to(folder)) for line in found]
    walked = ["a.md", "b/.~lock.a.docx#", "b/~$a.docx", "b/나 +1 [x].md", "empty.txt", "z.bin"]
    assert names == ["z.bin", *walked, "a.md"]
    assert all(set(line) == KEYS for line in found)
    assert [line["reason"] and line["reason"]["code"] for line in found] == [
        "unsupported", None, "lock_file", "lock_file", None, "empty", "unsupported", None,
    ]  # fmt: skip


def test_an_ingested_line_says_what_a_document_is(folder: Path) -> None:
    (line,) = lines(parse(EXAMPLES / "network/ko-base-station-alarms.pdf"))
    assert (line["status"], line["media_type"], line["language"], line["pages"], line["reason"]) == (
        "ingested", "application/pdf", "ko", 2, None,
    )  # fmt: skip
    assert line["title"] == "기지국 경보 처리"
    assert all(set(chunk) == CHUNK_KEYS for chunk in line["chunks"])
    assert {chunk["page"] for chunk in line["chunks"]} == {1, 2}


def test_a_rejected_line_says_why_and_what_to_do(folder: Path) -> None:
    (folder / "a.docx").write_bytes(b"PK\x03\x04nonsense")
    result = parse(folder / "a.docx", folder / "empty.txt")
    corrupt, empty = lines(result)
    assert (corrupt["status"], corrupt["reason"]["code"], corrupt["chunks"]) == ("rejected", "corrupt", [])
    assert "save it again" in corrupt["reason"]["message"]
    assert empty["reason"]["code"] == "empty"
    assert "0 ingested, 2 rejected (corrupt 1, empty 1)" in result.stderr


def test_the_output_goes_to_a_file_and_the_settings_count(folder: Path) -> None:
    out, long = folder / "out.jsonl", folder / "long.md"
    long.write_text("# T\n\n" + " ".join(f"Sentence number {n} says a little." for n in range(60)))
    assert parse(long, "--out", out, "--max-tokens", "64", "--overlap-sentences", "1").stdout == ""
    chunks = json.loads(out.read_text())["chunks"]
    assert len(chunks) > 5
    assert chunks[1]["start"] < chunks[0]["end"]


def test_what_is_no_regular_file_or_vanished_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "gone").symlink_to("nowhere")
    codes = [reason.code for path in walk([tmp_path]) if (reason := parse_file(path, Chunking()).reason)]
    assert codes == ["missing", "unsupported"]


def test_a_file_that_may_not_be_read_is_unreadable(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(path: Path) -> bytes:  # root may read whatever its mode says
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "read_bytes", refuse)
    reason = parse_file(folder / "a.md", Chunking()).reason
    assert reason is not None and reason.code == "unreadable"


def test_a_bare_name_that_is_no_utf8_is_shown(tmp_path: Path) -> None:
    name = os.fsdecode(b"\xb0\xa1.txt")
    (tmp_path / name).write_text("Hello there.")
    (line,) = lines(parse(tmp_path))
    assert line["path"].endswith("/\ufffd\ufffd.txt")


def _act(path: Path, chunking: Chunking) -> ParsedFile:
    if path.name == "crash":
        os.kill(os.getpid(), signal.SIGSEGV)
    if path.name == "bug":
        raise ZeroDivisionError("oops")
    return parse_file(path, chunking)


async def test_a_crash_costs_its_own_file_only(folder: Path) -> None:
    written: list[ParsedFile] = []
    files = [folder / "a.md", folder / "crash", folder / "bug", *[folder / "a.md"] * 8]
    await _each(_act, refused, written.append, files, Chunking(), jobs=2)
    assert [line.reason and line.reason.code for line in written] == [None, "crashed", "crashed", *[None] * 8]
    assert written[2].reason is not None and "ZeroDivisionError: oops" in written[2].reason.message
    assert [line.path for line in written] == [str(file) for file in files]


def test_the_page_shows_documents_escaped_and_fetches_nothing(folder: Path) -> None:
    (folder / "evil.md").write_text("# <script>alert(1)</script>\n\n| a | b |\n| --- | --- |\n| <img src=x> | 2 |")
    out = folder / "page.html"
    parse(
        folder / "evil.md",
        EXAMPLES / "network/ko-base-station-alarms.pdf",
        folder / "empty.txt",
        "--html",
        "--out",
        out,
    )
    page = out.read_text()
    assert "<script" not in page
    assert "&lt;script&gt;alert(1)" in page
    assert "default-src 'none'" in page
    assert all(source.startswith("data:image/png;base64,") for source in re.findall(r'src="([^"]*)', page))
    assert page.count('<details class="file"') == 3
    assert page.count("<img alt=") == 2
    assert '<span class="rejected">empty</span>' in page
