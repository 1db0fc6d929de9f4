"""`groundtune run --faults`: a Bedrock that throttles, dawdles and fails, and what a run makes of it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.acceptance.experiments import read_report, without_provenance, write_small
from tests.acceptance.terminal import Terminal

pytestmark = [pytest.mark.cloud, pytest.mark.slow]

ARMS: list[dict[str, Any]] = [
    {"name": "baseline", "prompt": "baseline"},
    {"name": "good", "prompt": "optimized", "train": {"original": 8}},
    {"name": "bad", "prompt": "optimized", "train": {"original": 6}},
]
FEW = {"by": "group", "evaluation": 6}
A_JOB_FAILS = """\
seed: 7
faults:
- customization_jobs: {message: The training data was refused, name: "*-bad-*"}
"""
ALL_ELSE_TOO = """\
- {operation: "Converse*", throttle: {share: 0.3}, latency_ms: 200}
- {operation: Converse, failure: {share: 0.1, error: ServiceUnavailableException}}
- {operation: "*CustomizationJob*", throttle: {share: 0.3}}
- {operation: "*Deployment*", failure: {share: 0.3}}
"""


@pytest.fixture
def report(tmp_path: Path) -> Any:
    """Runs the small experiment with these faults in a folder of its own; returns the report's."""

    def run(name: str, faults: str) -> Path:
        folder = tmp_path / name
        folder.mkdir()
        (folder / "faults.yaml").write_text(faults)
        write_small(folder / "experiment", arms=ARMS, metrics=["rougeL", "citation_accuracy"], split=FEW)
        with Terminal(folder) as terminal:
            terminal.call("run", "experiment/run.yaml", "--faults", "faults.yaml", "--out", "out", code=3)
            terminal.assert_nothing_runs()
        return folder / "out"

    return run


def test_a_troubled_bedrock_changes_nothing_in_the_report_but_what_it_refused(report: Any) -> None:
    calm, troubled = report("calm", A_JOB_FAILS), report("troubled", A_JOB_FAILS + ALL_ELSE_TOO)
    assert without_provenance(calm) == without_provenance(troubled)
    found = read_report(troubled)
    assert found["status"] == "completed_with_failures"
    assert [arm["status"] for arm in found["arms"]] == ["scored", "scored", "failed"]
    assert [failure["message"] for failure in found["failures"]] == [
        "customization job Failed: The training data was refused"
    ]
    assert found["provenance"]["arms"]["good"]["latency_median_ms"] >= 200, "the faults were not in force"
