from __future__ import annotations

from typing import Any, cast

import pytest

from localcloud.bedrock.backend import Backend
from localcloud.bedrock.catalog import Catalog
from localcloud.bedrock.operations.faulty import models_of
from localcloud.bedrock.provisioned import ProvisionedThroughput
from localcloud.bedrock.resources import CustomModel, Deployment, InvocationJob
from localcloud.bedrock.tables import Tables

REAL = "meta.llama3-3-70b-instruct-v1:0"
ARN = "arn:aws:bedrock:us-east-1:000000000000:"
MODEL = f"{ARN}custom-model/{REAL}/abcdefghijkl"
DEPLOYMENT = f"{ARN}custom-model-deployment/abcdefghijkm"
THROUGHPUT = f"{ARN}provisioned-model/abcdefghijkn"
BATCH = f"{ARN}model-invocation-job/abcdefghijko"
FOUNDATION = f"arn:aws:bedrock:us-east-1::foundation-model/{REAL}"


@pytest.fixture
def backend() -> Backend:
    tables, unused = Tables(None), cast(Any, None)
    tables.models.put(MODEL, CustomModel(MODEL, "m", REAL, "local.reader-v1", "job", []))
    tables.deployments.put(DEPLOYMENT, Deployment(DEPLOYMENT, "d", MODEL, None, None, []))
    tables.throughputs.put(THROUGHPUT, ProvisionedThroughput(THROUGHPUT, "p", MODEL, REAL, 1, None, None, []))
    tables.invocation_jobs.put(BATCH, InvocationJob(BATCH, "b", None, REAL, {}, []))
    return Backend("000000000000", Catalog({REAL: "local.reader-v1"}), tables, unused, unused, unused, unused)


@pytest.mark.parametrize(
    ("params", "names"),
    [
        ({"modelId": REAL}, (REAL,)),
        ({"modelId": FOUNDATION}, (FOUNDATION, REAL)),
        ({"modelId": DEPLOYMENT}, (DEPLOYMENT, REAL)),
        ({"modelId": THROUGHPUT}, (THROUGHPUT, REAL)),
        ({"provisionedModelId": "p"}, ("p", REAL)),
        ({"customModelDeploymentIdentifier": "d"}, ("d", REAL)),
        ({"modelArn": MODEL}, (MODEL, REAL)),
        ({"jobIdentifier": "abcdefghijko"}, ("abcdefghijko", REAL)),
        ({"modelId": "amazon.nova-lite-v1:0"}, ("amazon.nova-lite-v1:0",)),
        ({"resourceARN": MODEL}, ()),
        ({}, ()),
    ],
)
def test_a_call_has_the_name_that_it_gives_and_the_foundation_models(
    backend: Backend, params: dict[str, str], names: tuple[str, ...]
) -> None:
    assert models_of(backend, params) == names
