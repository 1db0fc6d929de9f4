"""An operator finds what dead workers left on Bedrock, and removes it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest

from schemas.artifacts import RetrievedDocument
from shared.datasets.formats import converse
from shared.datasets.turns import Turns
from shared.prompting.citations import with_sources
from shared.prompting.layout import render_question
from tests.acceptance.clouds import OperatedCloud, local_cloud
from tests.acceptance.terminal import Terminal, wait_for

pytestmark = [pytest.mark.cloud, pytest.mark.slow]

OURS = [
    {"key": "groundtune:stack", "value": "groundtune"},
    {"key": "groundtune:run", "value": "lost-run"},
    {"key": "groundtune:arm", "value": "ft-0"},
]
THEIRS = [{"key": "team", "value": "search"}]
URL = "https://docs.example/gadget"
GUIDE = RetrievedDocument(chunk="c", url=URL, title="Gadget guide", text="The limit is 5 a day. It is blue. It is new.")
ASKED, SAID = render_question([GUIDE], "What is the limit of the gadget?"), with_sources("The limit is 5.", [URL])
ROWS = "\n".join([json.dumps(converse(Turns("q", "Be brief.", ASKED, SAID)))] * 8)


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OperatedCloud]:
    with Terminal(tmp_path_factory.mktemp("reap")) as terminal, local_cloud(terminal) as cloud:
        terminal.call("provision")
        yield cloud


@pytest.fixture(scope="module")
def model(cloud: OperatedCloud) -> str:
    """ARN of a custom model."""
    s3, bedrock = cloud.client("s3"), cloud.client("bedrock")
    (bucket,) = [each["Name"] for each in s3.list_buckets()["Buckets"]]
    s3.put_object(Bucket=bucket, Key="train.jsonl", Body=ROWS.encode())
    arn = bedrock.create_model_customization_job(
        jobName="gt-lost", customModelName="gt-lost", baseModelIdentifier="local.reader-v1",
        roleArn="arn:aws:iam::000000000000:role/groundtune-bedrock", hyperParameters={}, jobTags=OURS,
        trainingDataConfig={"s3Uri": f"s3://{bucket}/train.jsonl"},
        outputDataConfig={"s3Uri": f"s3://{bucket}/out/"},
    )["jobArn"]  # fmt: skip
    wait_for(lambda: bedrock.get_model_customization_job(jobIdentifier=arn)["status"] != "InProgress")
    job = bedrock.get_model_customization_job(jobIdentifier=arn)
    assert job["status"] == "Completed", job
    return str(job["outputModelArn"])


def test_what_no_run_needs_is_listed_then_removed_once_and_other_peoples_stays(
    cloud: OperatedCloud, model: str
) -> None:
    bedrock, terminal = cloud.client("bedrock"), cloud.terminal
    assert "Nothing on Bedrock carries this stack's tags." in terminal.call("reap", "--dry-run").said
    for name, tags in {"gt-lost": OURS, "theirs": THEIRS}.items():
        bedrock.create_custom_model_deployment(modelDeploymentName=name, modelArn=model, tags=tags)
    bedrock.create_provisioned_model_throughput(
        provisionedModelName="gt-lost-too", modelId=model, modelUnits=1, tags=OURS
    )
    wait_for(lambda: {"Active", "InService"} >= set(_statuses(bedrock)))
    listed = terminal.call("reap", "--dry-run").said
    assert "2 found; 2 would be removed. Nothing was touched (--dry-run)." in listed
    for word in ("gt-lost ", "gt-lost-too", "lost-run", "ft-0", "$0.00", "by the token", "unknown"):
        assert word in listed, listed
    assert len(_statuses(bedrock)) == 3
    assert "2 found; 2 removed, 0 stay." in terminal.call("reap").said
    assert len(_statuses(bedrock)) == 1
    assert "Nothing on Bedrock carries this stack's tags." in terminal.call("reap").said


def _statuses(bedrock: Any) -> list[str]:
    deployed = bedrock.list_custom_model_deployments()["modelDeploymentSummaries"]
    provisioned = bedrock.list_provisioned_model_throughputs()["provisionedModelSummaries"]
    return [str(each["status"]) for each in [*deployed, *provisioned]]
