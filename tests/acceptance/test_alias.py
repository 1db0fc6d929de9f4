"""An experiment for Amazon Bedrock's models, run on this machine: the report says what answered."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.acceptance.experiments import ARMS, TELCO, read_report, write_small
from tests.acceptance.terminal import Terminal
from tests.integration.openai_server import openai_server

STUDENT = "amazon.nova-lite-v1:0:300k"
TEACHER = "us.anthropic.claude-sonnet-4-20250514-v1:0"
ALIASES = re.findall(r"--alias (\S+)", (TELCO / "run.aws.yaml").read_text(encoding="utf-8"))
"""Those that the example itself names."""

pytestmark = [pytest.mark.cloud, pytest.mark.slow]


def test_a_local_model_may_stand_in_and_the_report_says_so(tmp_path: Path) -> None:
    with Terminal(tmp_path) as terminal:
        run_file = write_small(tmp_path / "experiment", "run.aws.yaml")
        assert "run.yaml: fine." in terminal.call("check", run_file).said
        terminal.call("run", run_file, "--out", "out", *(f"--alias={alias}" for alias in ALIASES))
    report = read_report(tmp_path / "out")
    assert report["models"]["student"] == STUDENT and report["models"]["teacher"] == TEACHER
    assert report["arms"][2]["status"] == "scored" and report["arms"][2]["model"] == STUDENT
    notes = {note.split()[0]: note for note in report["model_notes"]}
    assert f"{STUDENT} was not called" in notes[STUDENT] and "extractive reader" in notes[STUDENT]
    assert f"{TEACHER} was not called" in notes[TEACHER]
    page = (tmp_path / "out" / "index.html").read_text(encoding="utf-8")
    assert "was not called" in page


def test_a_real_model_without_a_stand_in_gets_the_error_that_aws_gives(tmp_path: Path) -> None:
    with Terminal(tmp_path) as terminal:
        run_file = write_small(tmp_path / "experiment", "run.aws.yaml", arms=ARMS[:1])
        said = terminal.call("run", run_file, "--out", "out", code=1).said
        assert "none of its answers could be scored" in said
        assert f"{STUDENT}: ValidationException: The provided model identifier is invalid" in said
        terminal.assert_nothing_runs()


def test_a_server_of_language_models_may_answer_and_the_report_names_its_model(tmp_path: Path) -> None:
    with openai_server() as server, Terminal(tmp_path) as terminal:
        run_file = write_small(tmp_path / "experiment", "run.aws.yaml", arms=ARMS[:1])
        aliases = [*ALIASES, f"{STUDENT}=openai/llama3.1:8b"]  # the last one of a model counts
        asked = (f"--alias={alias}" for alias in aliases)
        terminal.call("run", run_file, "--out", "out", "--openai", server.url, *asked)
        terminal.assert_nothing_runs()
    report = read_report(tmp_path / "out")
    assert report["arms"][0]["status"] == "scored"
    assert any(f"{STUDENT} was not called" in note and "llama3.1:8b" in note for note in report["model_notes"])
    assert {path for path, _, _ in server.asked} == {"/v1/chat/completions"}
