"""Provisioned throughput as the local Bedrock remembers it: model units that are paid for by the hour."""

from __future__ import annotations

from dataclasses import dataclass, field

from localcloud.bedrock import clock
from localcloud.bedrock.resources import Tags

_HOURS = {"OneMonth": 30 * 24, "SixMonths": 180 * 24}


@dataclass
class ProvisionedThroughput:
    """``model_arn``: of a custom or a foundation model; ``base``: the foundation model's id under both."""

    arn: str
    name: str
    model_arn: str
    base: str
    units: int
    commitment: str | None
    token: str | None
    tags: Tags
    created_at: str = field(default_factory=clock.now)
    failure: str | None = None
    """Why it will have failed, where a faults file wants that."""

    ACTIVATION_S = 0.3

    @property
    def status(self) -> str:
        """InService, or Failed, shortly after it was made: callers must live with Creating, as they must on AWS."""
        if clock.age_s(self.created_at) < self.ACTIVATION_S:
            return "Creating"
        return "Failed" if self.failure else "InService"

    @property
    def committed_until(self) -> str | None:
        """When the term ends before which it cannot be deleted; None when it is paid for by the hour."""
        return clock.later(self.created_at, _HOURS[self.commitment]) if self.commitment else None

    @property
    def committed(self) -> bool:
        return self.commitment is not None and clock.age_s(self.created_at) < _HOURS[self.commitment] * 3600
