"""Bad items among good ones: the run goes on without them, lists each with its code, and exits with 3."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.experiments import read_report, write_small
from tests.acceptance.terminal import Outcome, Terminal

pytestmark = [pytest.mark.cloud, pytest.mark.slow]

NOWHERE = "https://docs.haneul.example/no-such-page"


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    folder = tmp_path_factory.mktemp("failing")
    with Terminal(folder) as terminal:
        yield terminal


@pytest.fixture(scope="module")
def ended(terminal: Terminal) -> Outcome:
    """A run over a broken PDF, a Word lock file and a link to no document among good ones."""
    folder = terminal.folder / "experiment"
    run_file = write_small(folder, max_failed_fraction=0.25)
    (folder / "documents" / "billing" / "broken.pdf").write_bytes(b"%PDF-1.7\nthis is no PDF at all")
    (folder / "documents" / "~$notes.docx").write_bytes(b"\x05author" + bytes(155))
    pair = {"id": "lost", "question": "Where is the page?", "answer": "Nowhere.", "references": [NOWHERE]}
    with (folder / "ground_truth.jsonl").open("a", encoding="utf-8") as file:
        file.write(json.dumps(pair) + "\n")
    return terminal.call("run", run_file, "--out", "out", code=3)


@pytest.fixture(scope="module")
def failures(terminal: Terminal, ended: Outcome) -> dict[str, Any]:
    """The report's failures by item."""
    return {failure["item"].rpartition("/")[2]: failure for failure in read_report(terminal.folder / "out")["failures"]}


def test_a_run_with_bad_items_completes_with_failures(terminal: Terminal, ended: Outcome) -> None:
    report = read_report(terminal.folder / "out")
    assert report["status"] == "completed_with_failures"
    assert [arm["status"] for arm in report["arms"]] == ["scored"] * 3
    assert "completed with failures; report: out/index.html" in ended.said
    terminal.assert_nothing_runs()


def test_an_unreadable_document_is_listed_with_its_code(failures: dict[str, Any]) -> None:
    assert failures["broken.pdf"]["stage"] == "doc-ingest"
    assert failures["broken.pdf"]["code"] == "corrupt"
    assert failures["~$notes.docx"]["code"] == "lock_file"


def test_a_reference_to_no_document_is_listed(failures: dict[str, Any]) -> None:
    assert failures["lost"]["code"] == "unknown_reference"
    assert NOWHERE in failures["lost"]["message"]


def test_the_page_and_the_stored_run_list_them_too(terminal: Terminal, failures: dict[str, Any]) -> None:
    page = (terminal.folder / "out" / "index.html").read_text(encoding="utf-8")
    run = read_report(terminal.folder / "out")["provenance"]["run"]
    shown = terminal.call("runs", "show", run).stdout
    for item in ("broken.pdf", "~$notes.docx", "lost"):
        assert item in page and item in shown


def test_a_run_with_too_many_bad_items_fails_and_says_why(terminal: Terminal) -> None:
    folder = terminal.folder / "hopeless"
    terminal.call("init", folder)
    (folder / "documents" / "broken.pdf").write_bytes(b"%PDF-1.7\nthis is no PDF at all")
    said = terminal.call("run", folder / "run.yaml", "--out", "failed", code=1).said
    assert "1 of 2 documents were rejected" in said and "broken.pdf" in said
    assert read_report(terminal.folder / "failed")["status"] == "failed"
