"""Amazon Bedrock as workers see it: one model call, and the jobs and deployments of fine-tuning."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal, Protocol


@dataclass(frozen=True)
class Answer:
    """What a model said. Tokens are as Bedrock reports them; ``cached`` answers cost nothing."""

    text: str
    stop_reason: str
    input_tokens: int
    output_tokens: int
    cached: bool = False


@dataclass(frozen=True)
class Account:
    """Whom a call is charged to: ``run/<run>`` or ``corpus/<corpus>``, and the stage or arm (``arm/<slug>``) in it.

    ``budget_usd`` is of the whole name, all parts together.
    """

    name: str
    part: str
    budget_usd: float | None = None


@dataclass(frozen=True)
class Grounding:
    """A guardrail's scores, 0 to 1; None for a policy that it does not have."""

    grounding: float | None
    relevance: float | None
    blocked: bool


@dataclass(frozen=True)
class Job:
    """A model customization job. ``model`` is the custom model's ARN once completed."""

    arn: str
    status: Literal["InProgress", "Completed", "Failed", "Stopping", "Stopped"]
    model: str | None = None
    failure: str | None = None


@dataclass(frozen=True)
class Deployment:
    """A custom model deployment; ``arn`` serves as a model id."""

    arn: str
    status: Literal["Creating", "Active", "Failed"]
    failure: str | None = None


@dataclass(frozen=True)
class ModelCard:
    """Who provides a foundation model, and its name, as Bedrock says."""

    provider: str
    name: str


class Bedrock(Protocol):
    """Calls raise Throttled, Retryable or Poison, never botocore's own errors."""

    async def converse(self, *, model: str, system: str, user: str, max_tokens: int, cache: bool = True) -> Answer:
        """One turn at temperature 0, cached in S3 by model, prompt, parameters and content."""
        ...

    async def card(self, model: str) -> ModelCard | None:
        """What Bedrock says of a foundation model; None for one that it does not know by this id."""
        ...

    async def create_job(
        self,
        *,
        name: str,
        token: str,
        model_name: str,
        base_model: str,
        training_uri: str,
        output_uri: str,
        hyperparameters: Mapping[str, str],
        tags: Mapping[str, str],
    ) -> str:
        """Starts a customization job, or finds the one that this name and token started; returns its ARN."""
        ...

    async def get_job(self, arn: str) -> Job: ...

    async def stop_job(self, arn: str) -> None: ...

    async def create_deployment(self, *, name: str, token: str, model: str, tags: Mapping[str, str]) -> str:
        """Deploys a custom model, or finds the deployment of this name; returns its ARN."""
        ...

    async def get_deployment(self, arn: str) -> Deployment: ...

    async def delete_deployment(self, arn: str) -> None:
        """Removes a deployment; no error when it is gone."""
        ...
