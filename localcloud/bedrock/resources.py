"""What the local Bedrock remembers: jobs, custom models, deployments, weights, guardrails."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from localcloud.bedrock import clock

Tags = list[dict[str, str]]


@dataclass
class Phase:
    """One of a job's three phases as ``statusDetails`` shows them."""

    status: str = "NotStarted"
    creation_time: str = field(default_factory=clock.now)
    last_modified_time: str = field(default_factory=clock.now)

    def become(self, status: str) -> None:
        self.status, self.last_modified_time = status, clock.now()


@dataclass
class Job:
    """A customization job. ``request`` are the parameters it was created with, ``base`` the id that they named."""

    arn: str
    name: str
    token: str | None
    base: str
    local_model: str
    request: dict[str, Any]
    tags: Tags
    status: str = "InProgress"
    validation: Phase = field(default_factory=Phase)
    data_processing: Phase = field(default_factory=Phase)
    training: Phase = field(default_factory=Phase)
    creation_time: str = field(default_factory=clock.now)
    last_modified_time: str = field(default_factory=clock.now)
    end_time: str | None = None
    failure: str | None = None
    model_arn: str | None = None
    training_loss: float | None = None

    @property
    def running(self) -> bool:
        return self.status in ("InProgress", "Stopping")

    def begin_again(self) -> None:
        """As it was before its first phase; what was being stopped still is."""
        self.validation, self.data_processing, self.training = Phase(), Phase(), Phase()

    def become(self, status: str, failure: str | None = None) -> None:
        """Moves to a status; one that ends the job also ends the phases that were under way."""
        self.status, self.failure, self.last_modified_time = status, failure, clock.now()
        if self.running:
            return
        self.end_time = self.last_modified_time
        for phase in (self.validation, self.data_processing, self.training):
            if phase.status in ("InProgress", "Stopping"):
                phase.become(status)


@dataclass
class CustomModel:
    arn: str
    name: str
    base: str
    local_model: str
    job_arn: str
    tags: Tags
    creation_time: str = field(default_factory=clock.now)


@dataclass
class Weights:
    """What the engine's training returned, under the custom model's ARN."""

    values: dict[str, Any]


@dataclass
class Deployment:
    arn: str
    name: str
    model_arn: str
    token: str | None
    description: str | None
    tags: Tags
    created_at: str = field(default_factory=clock.now)
    failure: str | None = None
    """Why it will have failed, where a faults file wants that."""

    ACTIVATION_S = 0.3

    @property
    def status(self) -> str:
        """Active, or Failed, shortly after it was made: callers must live with Creating, as they must on AWS."""
        if clock.age_s(self.created_at) < self.ACTIVATION_S:
            return "Creating"
        return "Failed" if self.failure else "Active"


@dataclass
class InvocationJob:
    """A batch inference job. ``request`` are the parameters it was created with, ``base`` the id that they named."""

    arn: str
    name: str
    token: str | None
    base: str
    request: dict[str, Any]
    tags: Tags
    status: str = "Submitted"
    submit_time: str = field(default_factory=clock.now)
    last_modified_time: str = field(default_factory=clock.now)
    end_time: str | None = None
    message: str | None = None
    total: int = 0
    succeeded: int = 0
    failed: int = 0

    DEFAULT_HOURS = 24

    @property
    def running(self) -> bool:
        return self.status in ("Submitted", "Validating", "Scheduled", "InProgress", "Stopping")

    @property
    def late(self) -> bool:
        """Whether the hours that it was given are over."""
        return clock.age_s(self.submit_time) > self.hours * 3600

    @property
    def hours(self) -> int:
        return int(self.request.get("timeoutDurationInHours", self.DEFAULT_HOURS))

    def become(self, status: str, message: str | None = None) -> None:
        self.status, self.message, self.last_modified_time = status, message, clock.now()
        if not self.running:
            self.end_time = self.last_modified_time


@dataclass
class Guardrail:
    """``request`` are the parameters that it was created with."""

    arn: str
    name: str
    token: str | None
    request: dict[str, Any]
    tags: Tags
    created_at: str = field(default_factory=clock.now)
