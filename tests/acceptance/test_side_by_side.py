"""Two runs at once in one folder: each with a cloud, workers and state of its own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.acceptance.experiments import read_report, without_provenance
from tests.acceptance.terminal import Terminal


@pytest.mark.cloud
@pytest.mark.slow
def test_two_runs_side_by_side_do_not_collide(tmp_path: Path) -> None:
    with Terminal(tmp_path) as terminal:
        terminal.call("init", "experiment")
        runs = [terminal.start("run", "experiment/run.yaml", "--out", name) for name in ("left", "right")]
        said = [terminal.finish(run).stderr for run in runs]
        terminal.assert_nothing_runs()
        endpoints = {word for text in said for word in text.split() if word.startswith("http://127.0.0.1:")}
        assert len(endpoints) == 2
        assert without_provenance(tmp_path / "left") == without_provenance(tmp_path / "right")
        ids = {read_report(tmp_path / name)["provenance"]["run"] for name in ("left", "right")}
        assert len(ids) == 2
        assert sorted(path.name for path in tmp_path.glob(".groundtune/slot-*")) == ["slot-2"]
