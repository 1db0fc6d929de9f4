from __future__ import annotations

from typing import Any, cast

import pytest

from localcloud.bedrock.backend import Backend
from localcloud.bedrock.catalog import Catalog
from localcloud.bedrock.errors import ModelNotReadyException, ResourceNotFoundException, ValidationException
from localcloud.bedrock.operations.targets import Target, resolve
from localcloud.bedrock.resources import CustomModel, Deployment, Weights
from localcloud.bedrock.tables import Tables

MODEL = "arn:aws:bedrock:us-east-1:000000000000:custom-model/local.reader-v1/abcdefghijkl"
DEPLOYMENT = "arn:aws:bedrock:us-east-1:000000000000:custom-model-deployment/abcdefghijkl"


@pytest.fixture
def backend() -> Backend:
    tables, unused = Tables(None), cast(Any, None)
    tables.models.put(MODEL, CustomModel(MODEL, "m", "local.reader-v1", "local.reader-v1", "job", []))
    tables.weights.put(MODEL, Weights({"w": 1}))
    return Backend("000000000000", Catalog({}), tables, unused, unused, unused, unused)


def deploy(backend: Backend, **when: str) -> None:
    backend.tables.deployments.put(DEPLOYMENT, Deployment(DEPLOYMENT, "d", MODEL, None, None, [], **when))


def test_a_deployment_serves_its_models_weights(backend: Backend) -> None:
    deploy(backend, created_at="2026-01-01T00:00:00.000000Z")
    assert resolve(backend, DEPLOYMENT) == Target("local.reader-v1", {"w": 1}, MODEL)


def test_a_deployment_that_is_being_created_is_not_ready(backend: Backend) -> None:
    deploy(backend, created_at="2999-01-01T00:00:00.000000Z")
    with pytest.raises(ModelNotReadyException):
        resolve(backend, DEPLOYMENT)


def test_a_custom_model_answers_only_through_a_deployment(backend: Backend) -> None:
    with pytest.raises(ValidationException, match="on-demand throughput"):
        resolve(backend, MODEL)
    with pytest.raises(ResourceNotFoundException):
        resolve(backend, DEPLOYMENT)


def test_a_base_model_has_no_weights(backend: Backend) -> None:
    assert resolve(backend, "local.judge-v1") == Target("local.judge-v1")
    assert resolve(backend, "local.embed-v1", output="EMBEDDING") == Target("local.embed-v1")
