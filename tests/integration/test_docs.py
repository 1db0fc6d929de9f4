"""What the documentation shows is run as it stands there."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

from localcloud.process import LocalCloud
from shared.bedrock.models import Models, parse, shipped
from shared.testing.cloud import TestCloud

DOCS = Path(__file__).parents[2] / "docs"


async def test_the_first_example_of_testing_md_passes(groundtune_cloud: TestCloud) -> None:
    example = re.search(r"```python\n(.*?)```", (DOCS / "testing.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    names: dict[str, Any] = {}
    exec(example[1], names)
    await names["test_a_submitted_document_is_ingested"](groundtune_cloud)


def test_the_program_of_local_bedrock_md_needs_boto3_and_the_endpoint_and_nothing_of_ours(tmp_path: Path) -> None:
    """In an empty folder, without groundtune on the path."""
    example = re.search(r"```python\n(.*?)```", (DOCS / "local-bedrock.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    keys = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_DEFAULT_REGION": "us-east-1"}
    with LocalCloud() as cloud:
        done = subprocess.run(
            [sys.executable, "-P", "-c", example[1]], cwd=tmp_path, env=keys | {"AWS_ENDPOINT_URL": cloud.endpoint},
            capture_output=True, text=True, timeout=120,
        )  # fmt: skip
    assert done.returncode == 0, done.stderr
    said = dict(line.split(": ", 1) for line in done.stdout.splitlines())
    assert "5 euros" in said["converse"] and "5 euros" in said["custom model"]
    assert int(said["tokens"]) > 20
    assert (said["job"], said["batch"]) == ("Completed", "Completed 100")


def test_the_table_of_models_in_money_md_is_one() -> None:
    example = re.search(r"```yaml\n(models:.*?)```", (DOCS / "money.md").read_text(encoding="utf-8"), re.DOTALL)
    assert example is not None
    facts = Models(parse(example[1], name="money.md"), shipped()).of("us.amazon.nova-lite-v1:0")
    assert (facts.rpm, facts.usd_input) == (500, 0.06)
