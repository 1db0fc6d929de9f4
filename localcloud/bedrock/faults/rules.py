"""What a faults file may say. Patterns are of the shell's kind: ``meta.*``, ``Converse*``."""

from __future__ import annotations

from datetime import UTC, datetime
from fnmatch import fnmatchcase
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    NonNegativeInt,
    PositiveInt,
    model_validator,
)

Share = Annotated[float, Field(ge=0, le=1)]


def _no_number(value: Any) -> Any:
    if isinstance(value, (int, float)):  # pydantic would take it for seconds since 1970
        raise ValueError("must be a date such as 2026-09-10")
    return value


def _in_utc(moment: datetime) -> datetime:
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


Moment = Annotated[datetime, BeforeValidator(_no_number), AfterValidator(_in_utc)]
"""A date is its midnight; UTC unless it says otherwise."""


class _Part(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Throttle(_Part):
    """``share`` of the calls, and what exceeds ``requests_per_minute`` of one model, get ThrottlingException."""

    share: Share = 0.0
    requests_per_minute: PositiveInt | None = None


class Failure(_Part):
    """``share`` of the calls fail."""

    share: Share = 1.0
    error: Literal[
        "InternalServerException", "ServiceUnavailableException", "ModelErrorException", "ModelTimeoutException"
    ] = "InternalServerException"


class NamedFailure(_Part):
    """Jobs, deployments or throughputs whose name fits fail with this message; ``share`` of them, chosen by name."""

    message: Annotated[str, Field(min_length=1, max_length=2048)]
    name: str = "*"
    share: Share = 1.0

    def fits(self, name: str) -> bool:
        return fnmatchcase(name, self.name)


class Quota(_Part):
    """How many there may be of one model: jobs under way, deployments, and model units of all its throughputs."""

    customization_jobs: NonNegativeInt | None = None
    invocation_jobs: NonNegativeInt | None = None
    deployments: NonNegativeInt | None = None
    model_units: NonNegativeInt | None = None


class EndOfLife(_Part):
    """LEGACY since ``legacy`` (always, unless it is given); from ``at`` on, every use gets ``error``."""

    at: Moment
    legacy: Moment | None = None
    error: Literal["ResourceNotFoundException", "AccessDeniedException"] = "ResourceNotFoundException"


_PATTERNS = frozenset(["model", "operation"])
_OF_CALLS = frozenset(["throttle", "latency_ms", "failure"])


class Rule(_Part):
    """What happens to calls of some operations with some models. A call that names no model fits ``*`` only."""

    model: str = "*"
    operation: str = "*"
    throttle: Throttle | None = None
    latency_ms: Annotated[int, Field(ge=0, le=600_000)] = 0
    failure: Failure | None = None
    customization_jobs: NamedFailure | None = None
    invocation_jobs: NamedFailure | None = None
    deployments: NamedFailure | None = None
    throughputs: NamedFailure | None = None
    quota: Quota | None = None
    end_of_life: EndOfLife | None = None

    @model_validator(mode="after")
    def _does_something(self) -> Rule:
        able = [name for name in type(self).model_fields if name not in _PATTERNS]
        given = {name for name in able if getattr(self, name)}
        if not given:
            raise ValueError(f"does nothing; give one of {', '.join(able)}")
        if given - _OF_CALLS and self.operation != "*":
            raise ValueError("operation goes with throttle, latency_ms and failure only; write two rules")
        return self

    def failing(self, kind: str) -> NamedFailure | None:
        """What fails of a kind of things that have names."""
        return {
            "customization_jobs": self.customization_jobs,
            "invocation_jobs": self.invocation_jobs,
            "deployments": self.deployments,
            "throughputs": self.throughputs,
        }[kind]

    def fits(self, operation: str, models: tuple[str, ...]) -> bool:
        """``models``: the names of the call's one model."""
        return fnmatchcase(operation, self.operation) and self.fits_model(*models)

    def fits_model(self, *models: str) -> bool:
        return self.model == "*" or any(fnmatchcase(model, self.model) for model in models)


class FaultFile(_Part):
    """``seed`` decides which calls and jobs a share strikes: the same calls in the same order, the same trouble."""

    seed: int = 0
    faults: tuple[Rule, ...] = ()
