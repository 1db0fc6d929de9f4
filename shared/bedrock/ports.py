"""Amazon Bedrock as workers see it: model calls, and the jobs and deployments of fine-tuning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from shared.bedrock.holdings import Holding

Deploys = Literal["on_demand", "provisioned"]
"""How a custom model is served: by a deployment, paid by the token, or by provisioned throughput, paid by the hour."""


@dataclass(frozen=True)
class Account:
    """Whom a call is charged to. ``budget_usd`` is that of the whole name, all its parts together.

    ``name`` is ``run/<run>`` or ``corpus/<corpus>``; ``part`` a stage or an arm: ``synthetic-gen``, ``arm/<slug>``.
    """

    name: str
    part: str
    budget_usd: float | None = None


@dataclass(frozen=True)
class ToolSpec:
    """A function that a model has to call instead of speaking. ``schema`` is the JSON Schema of its input, an object;
    ``name`` has 1 to 64 of ``[a-zA-Z0-9_-]``."""

    name: str
    description: str
    schema: Mapping[str, Any]


@dataclass(frozen=True)
class Answer:
    """What a model said. Tokens are as Bedrock reports them: ``input_tokens`` without those of Bedrock's prompt cache.

    ``cached`` answers come from our own cache in S3 and cost nothing. ``tool_input`` is what the model called a tool
    with, not checked against its schema; None when it was given no tool, or said something else, or was cut short.
    """

    text: str
    stop_reason: str
    input_tokens: int
    output_tokens: int
    cached: bool = False
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    tool_input: dict[str, Any] | None = None


@dataclass(frozen=True)
class Grounding:
    """What a guardrail says of an answer, 0 to 1; None where it has no such filter. ``blocked``: it intervened."""

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
    """What serves a custom model, a deployment or provisioned throughput; ``arn`` serves as a model id."""

    arn: str
    status: Literal["Creating", "Active", "Failed"]
    failure: str | None = None


@dataclass(frozen=True)
class ModelCard:
    """What Bedrock says of a foundation model: who provides it, what it is called, and how long it is there.

    ``ends_at`` is the end of its life, Unix seconds. ``customizations`` (``FINE_TUNING``, ``DISTILLATION``, …) and
    ``inference`` (``ON_DEMAND``, ``PROVISIONED``) are None where Bedrock says nothing of the id that was asked for.
    """

    provider: str
    name: str
    lifecycle: str = "ACTIVE"
    ends_at: float | None = None
    customizations: tuple[str, ...] | None = None
    inference: tuple[str, ...] | None = None


class Bedrock(Protocol):
    """Calls raise Throttled, Retryable or Poison, never botocore's own errors.

    Of those that are charged to an ``account`` with a budget, BudgetSpent is raised before one could pass it, and
    PriceUnknown when nobody has said what the model costs.
    """

    async def converse(
        self, *, model: str, system: str, user: str, max_tokens: int, cache: bool = True,
        account: Account | None = None, tool: ToolSpec | None = None,
    ) -> Answer:  # fmt: skip
        """One turn at temperature 0, cached in S3 by model, prompt, parameters and content.

        With ``tool`` the model has to call it, and ``Answer.tool_input`` is what it called it with. Raises Poison for
        a model that cannot.
        """
        ...

    async def embed(self, *, model: str, texts: Sequence[str], account: Account | None = None) -> list[list[float]]:
        """One unit vector for each text, in order; equal texts are asked once. Cached in S3 by content.

        Raises ValueError for a text with nothing in it, Poison for a model that groundtune cannot ask.
        """
        ...

    async def ground(
        self, *, guardrail: str, version: str, source: str, query: str, answer: str, account: Account | None = None
    ) -> Grounding:
        """How well an answer rests on a source and fits the query, as a guardrail's contextual grounding check says.

        Cached in S3 but for the version ``DRAFT``, which may be changed at any time.
        """
        ...

    async def card(self, model: str) -> ModelCard | None:
        """What Bedrock says of a foundation model; None for one that it does not know by this id."""
        ...

    async def base_card(self, model: str) -> ModelCard:
        """The card of a base model, whose id may end with a context length such as ``:300k``.

        Raises Poison with Bedrock's words for one that it does not know.
        """
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

    async def stop_job(self, arn: str) -> None:
        """Asks for the end of a job; no error when it has ended."""
        ...

    async def find_job(self, name: str) -> str | None:
        """The ARN of the job of exactly this name; None when there is none."""
        ...

    async def create_deployment(
        self, *, name: str, token: str, model: str, tags: Mapping[str, str], deploys: Deploys = "on_demand"
    ) -> str:
        """Has a custom model served, or finds what serves it under this name; returns its ARN.

        Provisioned throughput is one unit without a commitment, paid by the hour until it is removed.
        """
        ...

    async def find_deployment(self, name: str, deploys: Deploys) -> str | None:
        """The ARN of what serves under exactly this name; None when nothing does."""
        ...

    async def get_deployment(self, arn: str) -> Deployment: ...

    async def delete_deployment(self, arn: str) -> None:
        """Removes a deployment or provisioned throughput; no error when it is gone.

        Raises Retryable while it is still being created.
        """
        ...

    async def holdings(self) -> list[Holding]:
        """Every customization job under way, deployment and provisioned throughput of the account, whoever made it."""
        ...
