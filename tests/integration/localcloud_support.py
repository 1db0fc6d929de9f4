"""What the tests of the local cloud share: clients, a role, training data, waiting for a state."""

from __future__ import annotations

import json
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from localcloud.process import LocalCloud
from shared.provision import provision
from shared.runtime.connection import Connection, connect
from shared.settings import load
from shared.topology import load_topology

STUB = "tests.unit.localcloud.stub_engine:StubEngine"
TRUST = {
    "Version": "2012-10-17",
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ],
}
BUCKET = "bucket"


@asynccontextmanager
async def connected(
    monkeypatch: pytest.MonkeyPatch, batch_minimum: int = 100, knowledge: Mapping[str, Path] | None = None
) -> AsyncIterator[Connection]:
    """A provisioned local cloud with the real models, and the connection that a worker has to it."""
    async with LocalCloud(batch_minimum=batch_minimum, knowledge=knowledge) as cloud:
        for name, value in cloud.environment.items():
            monkeypatch.setenv(name, value)
        settings = load(cloud.environment)
        await provision(settings, load_topology())
        async with connect(settings) as connection:
            yield connection


def client(cloud: LocalCloud, service: str, **config: Any) -> Any:
    make: Any = boto3.client  # its stubs take literal service names only
    return make(
        service,
        endpoint_url=cloud.endpoint,
        region_name="us-east-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(**config),
    )


def prepare(cloud: LocalCloud) -> str:
    """A bucket with training data, and Bedrock's role, whose ARN it returns."""
    s3 = client(cloud, "s3")
    s3.create_bucket(Bucket=BUCKET)
    s3.put_object(Bucket=BUCKET, Key="train.jsonl", Body=training_rows(5))
    role = client(cloud, "iam").create_role(RoleName="bedrock", AssumeRolePolicyDocument=json.dumps(TRUST))
    arn: str = role["Role"]["Arn"]
    return arn


def training_rows(count: int) -> bytes:
    turns = [{"role": "user", "content": [{"text": "질문"}]}, {"role": "assistant", "content": [{"text": "답"}]}]
    return "".join(json.dumps({"messages": turns}) + "\n" for _ in range(count)).encode()


def job_request(role: str, name: str, **changes: Any) -> dict[str, Any]:
    request = {
        "jobName": name,
        "customModelName": f"{name}-model",
        "roleArn": role,
        "baseModelIdentifier": "local.reader-v1",
        "hyperParameters": {"epochCount": "2"},
        "trainingDataConfig": {"s3Uri": f"s3://{BUCKET}/train.jsonl"},
        "outputDataConfig": {"s3Uri": f"s3://{BUCKET}/out/"},
    }
    return {**request, **changes}


def until(read: Callable[[], dict[str, Any]], *states: str) -> dict[str, Any]:
    """What ``read`` returns once its status is one of these."""
    for _ in range(1000):
        found = read()
        if found["status"] in states:
            return found
        time.sleep(0.02)
    raise AssertionError(f"still {found['status']}, never {states}")


def say(text: str) -> list[dict[str, Any]]:
    return [{"role": "user", "content": [{"text": text}]}]


def answer(response: dict[str, Any]) -> str:
    text: str = response["output"]["message"]["content"][0]["text"]
    return text
