"""An engine that somebody else wrote, in a package of their own: it learns and answers as a model of Bedrock."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest

from tests.acceptance.clouds import OperatedCloud, local_cloud
from tests.acceptance.terminal import Terminal
from tests.integration.localcloud_support import BUCKET, TRUST, answer, say, until

pytestmark = pytest.mark.cloud

REAL = "meta.llama3-3-70b-instruct-v1:0"
ENGINE = '''
"""Learns answers by heart and keeps them in a folder, as an adapter of LoRA would be kept."""

import json
import os
from pathlib import Path

from localcloud.engines.contract import Reply, Step


class ByHeart:
    def converse(self, request):
        known = json.loads((Path(request.weights["adapter"]) / "known.json").read_text()) if request.weights else {}
        text = known.get(request.user, f"{request.model} has not learned that")
        return Reply(text, "end_turn", len(request.user.split()), len(text.split()))

    def train(self, *, model, rows, validation, hyperparameters, progress):
        known = {}
        for number, row in enumerate(rows, 1):
            known[row["prompt"]] = row["completion"]
            progress(Step(number, 1, 1 / number))
        adapter = Path(os.environ["ADAPTERS"]) / model
        adapter.mkdir(parents=True)
        (adapter / "known.json").write_text(json.dumps(known))
        return {"adapter": str(adapter)}

    def embed(self, texts, model):
        raise ValueError(f"{model} does not embed")
'''


@pytest.fixture(scope="module")
def cloud(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OperatedCloud]:
    """Started with the engine, which lies in a folder on PYTHONPATH and nowhere in groundtune."""
    folder = tmp_path_factory.mktemp("engine")
    package = folder / "theirs" / "by_heart"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("")
    (package / "engines.py").write_text(ENGINE)
    path = os.pathsep.join(filter(None, [str(package.parent), os.environ.get("PYTHONPATH")]))
    with Terminal(folder, {"PYTHONPATH": path, "ADAPTERS": str(folder / "adapters")}) as terminal:
        named, stands_for = "heart=by_heart.engines:ByHeart", f"{REAL}=heart/some/model"
        with local_cloud(terminal, "--base", "moto", "--engine", named, "--alias", stands_for) as operated:
            yield operated


def test_it_is_trained_deployed_and_asked_as_a_model_of_bedrock(cloud: OperatedCloud) -> None:
    bedrock, runtime = cloud.client("bedrock"), cloud.client("bedrock-runtime")
    job = bedrock.create_model_customization_job(
        jobName="j", customModelName="m", roleArn=_role(cloud), baseModelIdentifier=REAL,
        trainingDataConfig={"s3Uri": _rows(cloud)}, outputDataConfig={"s3Uri": f"s3://{BUCKET}/out/"},
    )["jobArn"]  # fmt: skip
    done = until(lambda: bedrock.get_model_customization_job(jobIdentifier=job), "Completed", "Failed")
    assert (done["status"], done["trainingMetrics"]) == ("Completed", {"trainingLoss": 0.5})
    deployed = bedrock.create_custom_model_deployment(modelDeploymentName="d", modelArn=done["outputModelArn"])
    arn = deployed["customModelDeploymentArn"]
    until(lambda: bedrock.get_custom_model_deployment(customModelDeploymentIdentifier=arn), "Active")
    assert answer(runtime.converse(modelId=arn, messages=say("who?"))) == "Ada"
    assert answer(runtime.converse(modelId=REAL, messages=say("who?"))) == "some/model has not learned that"


def _role(cloud: OperatedCloud) -> str:
    made: Any = cloud.client("iam").create_role(RoleName="bedrock", AssumeRolePolicyDocument=json.dumps(TRUST))
    return str(made["Role"]["Arn"])


def _rows(cloud: OperatedCloud) -> str:
    s3 = cloud.client("s3")
    s3.create_bucket(Bucket=BUCKET)
    rows = [{"prompt": "who?", "completion": "Ada"}, {"prompt": "when?", "completion": "1843"}]
    s3.put_object(Bucket=BUCKET, Key="rows.jsonl", Body="\n".join(map(json.dumps, rows)).encode())
    return f"s3://{BUCKET}/rows.jsonl"
