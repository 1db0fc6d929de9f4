"""`groundtune import squad`: a published question-answer set becomes an experiment that runs."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.acceptance.experiments import DATA, read_report
from tests.acceptance.terminal import Terminal

XQUAD = DATA / "qa" / "google-deepmind__xquad" / "xquad.en.json"

pytestmark = pytest.mark.skipif(not XQUAD.is_file(), reason=f"{XQUAD} is missing: the clone lies without its test data")


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A terminal in a folder with 200 questions of XQuAD imported."""
    with Terminal(tmp_path_factory.mktemp("import")) as terminal:
        said = terminal.call("import", "squad", XQUAD, "--out", "xquad", "--questions", "200").stdout
        assert "48 documents and 200 questions in xquad" in said
        assert "Next: groundtune run xquad/run.yaml" in said
        yield terminal


def test_what_was_imported_passes_the_check(terminal: Terminal) -> None:
    said = terminal.call("check", "xquad/run.yaml").said
    assert "48 documents, 200 ground-truth pairs (60 for evaluation, split by group)" in said


def test_a_second_import_does_not_mix_with_the_first(terminal: Terminal) -> None:
    said = terminal.call("import", "squad", XQUAD, "--out", "xquad", code=2).said
    assert "xquad/documents is not empty" in said and "name another folder" in said


@pytest.mark.cloud
@pytest.mark.slow
def test_what_was_imported_runs(terminal: Terminal) -> None:
    terminal.call("run", "xquad/run.yaml", "--out", "out")
    report = read_report(terminal.folder / "out")
    assert report["status"] == "completed" and report["failures"] == []
    assert [arm["name"] for arm in report["arms"]] == ["baseline", "prompt", "ft-40"]
    assert {
        metric["n"] for arm in report["arms"] for name, metric in arm["metrics"].items() if name in report["metrics"]
    } == {60}
    assert report["data"]["documents"] == 48
