"""`groundtune run`: the same experiment once, again, scaled out, and with workers killed under it."""

from __future__ import annotations

import contextlib
import json
import os
import random
import re
import signal
import subprocess
from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.clouds import local_cloud
from tests.acceptance.experiments import ARMS, METRICS, ROOT, read_report, without_provenance, write_small
from tests.acceptance.terminal import Outcome, Terminal

pytestmark = [pytest.mark.cloud, pytest.mark.slow]

WORKERS = ["doc-ingest", "synthetic-gen", "dataset-builder", "finetune-launcher", "inference", "scorer"]


@pytest.fixture(scope="module")
def terminal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Terminal]:
    """A terminal in a folder that holds the small experiment."""
    folder = tmp_path_factory.mktemp("run")
    write_small(folder / "experiment")
    with Terminal(folder) as terminal:
        yield terminal


@pytest.fixture(scope="module")
def first(terminal: Terminal) -> Outcome:
    """The first run, its report in ``first``."""
    return terminal.call("run", "experiment/run.yaml", "--out", "first")


@pytest.fixture(scope="module")
def again(terminal: Terminal, first: Outcome) -> Outcome:
    """The same run once more, its report in ``again`` and in Korean."""
    return terminal.call("run", "experiment/run.yaml", "--out", "again", "--lang", "ko")


def test_a_run_ends_with_a_table_of_every_arm_and_metric(first: Outcome) -> None:
    for arm in ("baseline", "prompt", "ft-8+12syn"):
        assert arm in first.stdout
    for heading in ("ROUGE-1", "ROUGE-3", "ROUGE-L", "Citation", " n "):
        assert heading in first.stdout


def test_a_run_shows_its_stages_and_ends_with_its_report(first: Outcome) -> None:
    for stage in ("documents ingested: 8 of 8", "synthetic samples", "models ready: 3 of 3", "shards scored: 6 of 6"):
        assert stage in first.stderr
    assert "completed; report: first/index.html" in first.said


def test_the_report_folder_holds_page_data_and_markdown(terminal: Terminal, first: Outcome) -> None:
    page, table = (terminal.folder / "first" / name for name in ("index.html", "report.md"))
    assert page.read_text(encoding="utf-8").startswith("<!doctype html>")
    assert "| **ft-8+12syn**" in table.read_text(encoding="utf-8")
    names = sorted(file.name for file in page.parent.iterdir())
    assert names == ["datasets", "index.html", "report.csv", "report.json", "report.md"]


def test_page_and_markdown_are_in_the_language_asked_for(terminal: Terminal, again: Outcome) -> None:
    page, table = (
        (terminal.folder / "again" / name).read_text(encoding="utf-8") for name in ("index.html", "report.md")
    )
    assert '<html lang="ko">' in page
    assert "## 비교\n" in table


def test_report_json_holds_every_arm_with_every_metric(terminal: Terminal, first: Outcome) -> None:
    report = read_report(terminal.folder / "first")
    assert report["status"] == "completed" and report["failures"] == []
    shape = [(arm["name"], arm["prompt"], arm["train"]) for arm in report["arms"]]
    trains = [asked["train"] | {"repeat": 1} if "train" in asked else None for asked in ARMS]
    assert shape == [(asked["name"], asked["prompt"], train) for asked, train in zip(ARMS, trains, strict=True)]
    for arm in report["arms"]:
        assert sorted(arm["metrics"]) == sorted(METRICS)
        for metric in arm["metrics"].values():
            assert {"value", "relative", "low", "high", "n"} <= metric.keys()
            assert 0 <= metric["value"] <= 1 and metric["n"] == 12
    assert all(metric["relative"] is None for metric in report["arms"][0]["metrics"].values())
    for metric in report["arms"][1]["metrics"].values():
        assert metric["relative"] is None or metric["low"] <= metric["relative"] <= metric["high"]


def test_a_fine_tuned_arm_was_trained_on_what_it_asked_for(terminal: Terminal, first: Outcome) -> None:
    arm = read_report(terminal.folder / "first")["arms"][2]
    assert arm["trained_on"] == {"original": 8, "synthetic": 12, "repeat": 1}
    assert arm["loss"] and arm["loss"][-1] < arm["loss"][0]


def test_the_datasets_lie_beside_the_report_with_cards_that_people_can_read(terminal: Terminal, first: Outcome) -> None:
    (folder,) = (terminal.folder / "first" / "datasets").iterdir()
    names = {path.name for path in folder.iterdir()}
    assert {"train.jsonl", "examples.jsonl", "manifest.json", "card.md", "card.html"} <= names
    manifest = json.loads((folder / "manifest.json").read_bytes())
    assert (manifest["original"], manifest["synthetic"]) == (8, 12)
    assert len((folder / "train.jsonl").read_bytes().splitlines()) == 20
    checked = terminal.call("validate-dataset", folder / "train.jsonl", "--base-model", "amazon.nova-lite-v1:0:300k")
    assert "20 records" in checked.said


def test_what_may_differ_between_equal_runs_is_under_provenance(terminal: Terminal, first: Outcome) -> None:
    run = read_report(terminal.folder / "first")["provenance"]["run"]
    assert run.startswith("telco-")
    assert run not in without_provenance(terminal.folder / "first")


def test_a_run_logs_no_error_and_leaves_no_process(terminal: Terminal, first: Outcome) -> None:
    terminal.assert_nothing_runs()
    logs = terminal.folder / ".groundtune" / "logs"
    lines = [line for log in logs.glob("*.log") for line in log.read_text(encoding="utf-8").splitlines()]
    assert lines and [line for line in lines if json.loads(line)["level"] == "error"] == []


def test_the_same_run_again_gives_the_same_report(terminal: Terminal, again: Outcome) -> None:
    assert without_provenance(terminal.folder / "again") == without_provenance(terminal.folder / "first")


def test_the_same_run_again_pays_no_teacher_call(terminal: Terminal, again: Outcome) -> None:
    """Every sample that the bucket holds was written before the second run began."""
    began = read_report(terminal.folder / "again")["provenance"]["created"]
    with local_cloud(terminal, "--state", ".groundtune/cloud") as cloud:
        written = _written(cloud.client("s3"), "synthetic/")
    assert written and max(written.values()) < began


def test_the_report_is_the_same_whichever_imitation_of_aws_is_beneath(terminal: Terminal, first: Outcome) -> None:
    """The first run was on MiniStack; here the same workers find moto behind another address and nothing else."""
    with local_cloud(terminal, "--base", "moto"):
        terminal.call("run", "experiment/run.yaml", "--out", "moto", "--fleet")
    assert without_provenance(terminal.folder / "moto") == without_provenance(terminal.folder / "first")


def test_a_run_of_more_workers_that_are_killed_gives_the_same_report(
    terminal: Terminal, first: Outcome, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a shorter visibility timeout than the shipped one: what a dead worker held comes back after it."""
    topology = (ROOT / "queues.yaml").read_text(encoding="utf-8")
    short = re.sub(r"visibility_timeout_s: \d+", "visibility_timeout_s: 10", topology)
    (terminal.folder / "queues.yaml").write_text(short, encoding="utf-8")
    monkeypatch.setitem(terminal.environ, "GROUNDTUNE_TOPOLOGY", "queues.yaml")
    scale = "inference=3,scorer=2,synthetic-gen=2"
    process = terminal.start("run", "experiment/run.yaml", "--out", "killed", "--fresh", "--scale", scale)
    said, killed = _kill_as_it_speaks(terminal, process, random.Random(7))
    terminal.finish(process)
    assert len(killed) >= 4, said
    assert said.count("died (signal 9)") == len(killed)
    assert without_provenance(terminal.folder / "killed") == without_provenance(terminal.folder / "first")
    terminal.assert_nothing_runs()


def _kill_as_it_speaks(terminal: Terminal, process: subprocess.Popen[str], rng: random.Random) -> tuple[str, list[str]]:
    """Kills a random worker at each stage's milestone, each worker once; returns what was said, and who died."""
    assert process.stderr
    left, killed, said = WORKERS[:], [], []
    for line in process.stderr:
        said.append(line)
        if " of " in line and left:
            name = left.pop(rng.randrange(len(left)))
            for pid in terminal.workers().get(name, []):
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)
                    killed.append(name)
    return "".join(said), killed


def _written(s3: Any, part: str) -> dict[str, str]:
    """When each object whose key holds ``part`` was last written, ISO 8601 in UTC."""
    bucket = s3.list_buckets()["Buckets"][0]["Name"]
    pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket)
    objects = [found for page in pages for found in page.get("Contents", [])]
    return {o["Key"]: o["LastModified"].isoformat(timespec="seconds") for o in objects if part in o["Key"]}
