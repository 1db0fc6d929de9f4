"""How Bedrock serves a model call, as run.yaml chooses it: behind a guardrail, in a tier, with a prompt cache."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.experiment import Inference, Tier

DRAFT = "DRAFT"
"""The version of a guardrail that may be changed at any time."""


@dataclass(frozen=True)
class Guard:
    """A guardrail by its id or ARN, in one version."""

    id: str
    version: str

    @property
    def name(self) -> str:
        """What the table of models calls it."""
        return f"guardrail.{self.id.rsplit('/', 1)[-1]}"


@dataclass(frozen=True)
class Serving:
    """``cache_prompt``: a system prompt that is long enough for the model is kept in Bedrock's prompt cache."""

    guardrail: Guard | None = None
    tier: Tier = "default"
    cache_prompt: bool = True

    @property
    def repeatable(self) -> bool:
        """Whether the same request is served alike tomorrow, so that its answer may be kept."""
        return self.guardrail is None or self.guardrail.version != DRAFT


PLAIN = Serving()
"""As Bedrock serves what asks for nothing."""


def serving_of(inference: Inference) -> Serving:
    """What run.yaml's ``inference`` says of each call."""
    chosen = inference.guardrail
    guardrail = None if chosen is None else Guard(chosen.id, chosen.version)
    return Serving(guardrail, inference.service_tier, inference.cache_prompt)
