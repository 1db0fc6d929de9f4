"""What is remembered in DynamoDB, beside idempotency records and fan-in counters."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.base import Model

RunStatus = Literal[
    "requested", "ingesting", "synthesizing", "building", "running", "reporting",
    "completed", "completed_with_failures", "failed", "cancelled",
]  # fmt: skip
ENDED: frozenset[str] = frozenset({"completed", "completed_with_failures", "failed", "cancelled"})

ArmStatus = Literal["waiting", "training", "deploying", "ready", "predicted", "failed"]


class RunRecord(Model):
    """A run's state. Times are Unix seconds."""

    run: str
    name: str
    corpus: str
    status: RunStatus = "requested"
    reason: str | None = Field(default=None, description="why it failed, for a person")
    created: float
    updated: float
    wave: int = Field(default=0, description="the synthesis wave it waits for")
    arms: list[str] = Field(default=[], description="slugs, in run.yaml's order")
    shards: int = Field(default=0, description="shards per arm")
    shard_size: int = Field(default=10, ge=1, description="questions per shard; settled when the arms are registered")
    report: str | None = None
    revision: int = Field(default=0, description="how often it was opened again after its end")
    added_metrics: list[list[str]] = Field(
        default=[], description="metrics asked for after its end, those of each request together"
    )


class ArmRecord(Model):
    """One arm of a run."""

    run: str
    arm: str
    name: str
    status: ArmStatus = "waiting"
    reason: str | None = None
    model: str | None = None
    job: str | None = Field(default=None, description="ARN of the customization job")
    deployment: str | None = Field(default=None, description="ARN of the custom model deployment")
    torn_down: bool = False
    revision: int = Field(default=0, description="of the run, when the arm was launched last")
    since: float = Field(default=0.0, description="Unix time of its last change of status; 0: never changed")


class ObjectRecord(Model):
    """What became of one S3 object under one chunking."""

    corpus: str
    bucket: str
    key: str
    etag: str
    chunking: str
    status: Literal["ingested", "rejected"]
    sequencer: str | None = None
    document: str | None = None
    chunks: int = 0
    language: str | None = None
    code: str | None = None
    message: str | None = None
    metadata: dict[str, str] = Field(default={}, description="url, title, licence from the object's metadata")
    modified: float | None = Field(default=None, description="Unix time at which S3 took this version")


class WaitingRun(Model):
    """A run that waits for its corpus: for documents under ``chunking``, then for samples of ``recipe``."""

    run: str
    chunking: str
    recipe: str | None = None
    wave: int = 0


class SamplesRecord(Model):
    """Samples of one unit, chunking, recipe and round exist (perhaps none)."""

    corpus: str
    unit: str
    documents: list[str]
    chunking: str
    recipe: str
    round: int
    asked: int = Field(description="questions asked for")
    kept: int
    rejected: int
    everywhere: bool = Field(description="every chunk that can be asked about was")
    exhausted: bool = Field(description="asked about everywhere, and the teacher found no question anywhere")
