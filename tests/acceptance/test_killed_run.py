"""A run whose every process is killed while its model is hosted: the operator finds what it left, and frees it."""

from __future__ import annotations

import re
from contextlib import closing
from pathlib import Path
from typing import Any

import boto3
import pytest

from tests.acceptance.clouds import local_cloud
from tests.acceptance.experiments import write_small
from tests.acceptance.terminal import Terminal, wait_for

pytestmark = [pytest.mark.cloud, pytest.mark.slow]

TRAINED = [{"name": "ft-8", "prompt": "optimized", "train": {"original": 8, "synthetic": 0}}]


def test_what_a_killed_run_left_is_listed_and_then_freed(tmp_path: Path) -> None:
    write_small(tmp_path / "experiment", arms=TRAINED)
    state = tmp_path / ".groundtune"
    with Terminal(tmp_path) as terminal:
        run = terminal.start("run", "experiment/run.yaml", "--out", "out")
        wait_for((state / "endpoint").is_file)
        with _bedrock((state / "endpoint").read_text()) as bedrock:
            (name,) = wait_for(lambda: _deployed(bedrock), every_s=0.05)
        terminal.kill_all()
        run.communicate()
        with local_cloud(terminal, "--state", str(state / "cloud")) as cloud:
            terminal.call("provision")
            (run_id,) = re.findall(r"telco-\d{8}-\d{6}-[0-9a-f]{4}", terminal.call("runs", "list").stdout)
            listed = terminal.call("reap", "--dry-run").said
            assert "2 found; 0 would be removed. Nothing was touched (--dry-run)." in listed
            for words in (f"deployment {name}", "ft-8-", "by the token", f"`groundtune runs cancel {run_id}` ends it"):
                assert words in listed, listed
            terminal.call("runs", "cancel", run_id)
            assert "2 found; 1 would be removed." in terminal.call("reap", "--dry-run").said
            assert "2 found; 1 removed, 1 stay." in terminal.call("reap").said
            assert _deployed(cloud.client("bedrock")) == []
            assert "1 found; 1 removed, 0 stay." in terminal.call("reap", "--models").said
            assert cloud.client("bedrock").list_custom_models()["modelSummaries"] == []


def _deployed(bedrock: Any) -> list[str]:
    found = bedrock.list_custom_model_deployments()["modelDeploymentSummaries"]
    return [str(each["customModelDeploymentName"]) for each in found]


def _bedrock(endpoint: str) -> Any:
    make: Any = boto3.client
    client = make(
        "bedrock", endpoint_url=endpoint, region_name="us-east-1", aws_access_key_id="test",
        aws_secret_access_key="test",
    )  # fmt: skip
    return closing(client)
