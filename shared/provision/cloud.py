"""One account and region, and the names that groundtune's resources have in it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import ClientError

from shared.cloud_errors import code_of
from shared.settings import Settings

T = TypeVar("T")

CONFIG = Config(
    connect_timeout=5,
    read_timeout=30,
    retries={"mode": "standard", "total_max_attempts": 3},
    s3={"addressing_style": "path"},
)
UNSUPPORTED = frozenset({"NotImplemented", "MethodNotAllowed", "InvalidAction", "UnknownOperationException", "501"})


@dataclass(frozen=True)
class Names:
    """Names and ARNs, from settings and the account that the credentials belong to."""

    settings: Settings
    account: str
    partition: str = "aws"

    @property
    def bucket(self) -> str:
        return self.settings.bucket or f"{self.settings.name}-{self.account}-{self.settings.region}"

    @property
    def bucket_arn(self) -> str:
        return f"arn:{self.partition}:s3:::{self.bucket}"

    @property
    def rule(self) -> str:
        return f"{self.settings.name}-job-states"

    @property
    def rule_arn(self) -> str:
        return self._arn("events", f"rule/{self.rule}")

    @property
    def customization_jobs(self) -> str:
        """Every model customization job of the account, as an ARN pattern."""
        return self._arn("bedrock", "model-customization-job/*")

    @property
    def invocation_jobs(self) -> str:
        """Every batch inference job of the account, as an ARN pattern."""
        return self._arn("bedrock", "model-invocation-job/*")

    @property
    def of_bedrock(self) -> str:
        """Everything of Bedrock that is the account's own, as an ARN pattern: deployments, guardrails, profiles."""
        return self._arn("bedrock", "*")

    @property
    def table_arn(self) -> str:
        return self._arn("dynamodb", f"table/{self.settings.table}")

    @property
    def bus_arn(self) -> str:
        """The default bus."""
        return self._arn("events", "event-bus/default")

    @property
    def role_arn(self) -> str:
        """Of the role that Bedrock takes."""
        return f"arn:{self.partition}:iam::{self.account}:role/{self.settings.bedrock_role}"

    @property
    def models(self) -> list[str]:
        """Every foundation model and inference profile, in any region: a profile names models of several."""
        bedrock = f"arn:{self.partition}:bedrock:*:"
        return [f"{bedrock}{self.account}:inference-profile/*", f"{bedrock}:foundation-model/*"]

    def queue_arn(self, queue: str) -> str:
        return self._arn("sqs", queue)

    def _arn(self, service: str, resource: str) -> str:
        return f"arn:{self.partition}:{service}:{self.settings.region}:{self.account}:{resource}"


class Cloud:
    """Clients of one account, made when first used; not for more than one thread at a time."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._session: Any = boto3.Session(region_name=settings.region)
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:
        if service not in self._clients:
            self._clients[service] = self._session.client(service, endpoint_url=self.settings.endpoint, config=CONFIG)
        return self._clients[service]

    def close(self) -> None:
        for client in self._clients.values():
            client.close()

    @cached_property
    def names(self) -> Names:
        identity = self.client("sts").get_caller_identity()
        partition = str(identity["Arn"]).split(":")[1] or "aws"
        return Names(settings=self.settings, account=str(identity["Account"]), partition=partition)

    def lacks(self, error: ClientError) -> bool:
        """Whether a local cloud just does not know this operation. The real one knows them all."""
        return self.settings.endpoint is not None and code_of(error) in UNSUPPORTED


def patiently(call: Callable[[], T], codes: frozenset[str], *, seconds: float = 70.0) -> T:
    """Calls again while the service answers one of ``codes``: its own earlier changes take time to arrive."""
    deadline = time.monotonic() + seconds
    pause = 1.0
    while True:
        try:
            return call()
        except ClientError as error:
            if code_of(error) not in codes or time.monotonic() + pause > deadline:
                raise
        time.sleep(pause)
        pause = min(pause * 1.5, 10.0)


def parsed(document: Any) -> Any:
    """A policy or pattern for comparing: JSON text or mapping, with scalars as text (services quote numbers)."""
    if isinstance(document, str):
        document = json.loads(document) if document else {}
    return _as_text(document)


def _as_text(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _as_text(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_as_text(inner) for inner in value]
    return str(value)
