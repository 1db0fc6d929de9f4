"""Documents into chunks as a person does it at a terminal, without a cloud."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.experiments import DATA
from tests.acceptance.terminal import Terminal

EXAMPLES = Path("examples/telco/documents").resolve()


@pytest.fixture
def terminal(tmp_path: Path) -> Iterator[Terminal]:
    with Terminal(tmp_path) as terminal:
        yield terminal
        terminal.assert_nothing_runs()


def lines(text: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_folder_becomes_json_lines_on_a_terminal_that_knows_no_cloud(terminal: Terminal, tmp_path: Path) -> None:
    shutil.copytree(EXAMPLES, tmp_path / "documents")
    (tmp_path / "documents" / "~$report.docx").write_bytes(b"x" * 162)
    outcome = terminal.call("parse", "documents", "--jobs", "2")
    found = lines(outcome.stdout)
    assert [line["path"] for line in found] == sorted(
        (line["path"] for line in found), key=lambda path: Path(path).parts
    )
    rejected = [line for line in found if line["status"] == "rejected"]
    assert [line["reason"]["code"] for line in rejected] == ["lock_file"]
    assert "1 rejected (lock_file 1)" in outcome.stderr
    assert {line["language"] for line in found if line["chunks"]} == {"en", "ko"}
    assert all(chunk["start"] < chunk["end"] for line in found for chunk in line["chunks"])


@pytest.mark.skipif(not DATA.is_dir(), reason="the real files of ../shared/data are not beside this checkout")
@pytest.mark.slow
def test_no_real_file_is_missing_and_a_second_time_says_the_same(terminal: Terminal) -> None:
    first = terminal.call("parse", DATA, "--out", "first.jsonl", "--jobs", "2").stderr
    terminal.call("parse", DATA, "--out", "second.jsonl", "--jobs", "1")
    text = (terminal.folder / "first.jsonl").read_text(encoding="utf-8")
    assert text == (terminal.folder / "second.jsonl").read_text(encoding="utf-8")
    files = {str(path) for path in DATA.rglob("*") if path.is_file()}
    assert {line["path"] for line in lines(text)} == files
    assert "crashed" not in first and "too_slow" not in first and "out_of_memory" not in first


def test_a_page_to_look_at_is_written_on_request(terminal: Terminal, tmp_path: Path) -> None:
    terminal.call("parse", "--html", EXAMPLES / "billing", "--out", "page.html")
    page = (tmp_path / "page.html").read_text(encoding="utf-8")
    assert page.startswith("<!doctype html>") and page.rstrip().endswith("</html>")
    assert page.count('<details class="file"') == len(list((EXAMPLES / "billing").iterdir()))


def test_a_path_that_is_not_there_is_named(terminal: Terminal) -> None:
    assert "nowhere.pdf" in terminal.call("parse", "nowhere.pdf", code=2).said


def test_an_output_that_cannot_be_written_is_named(terminal: Terminal) -> None:
    said = terminal.call("parse", EXAMPLES / "billing", "--out", "no/such/folder.jsonl", code=2).said
    assert "no/such/folder.jsonl cannot be written" in said
