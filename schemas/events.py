"""Every event that travels between workers. DESIGN's table, as types."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import ClassVar

from pydantic import Field

from schemas.base import canonical_json
from schemas.event import Event
from schemas.recipe import Chunking, Unit


class DocumentSubmitted(Event):
    """Please ingest one S3 object. S3's own ``ObjectCreated`` notification becomes this event too."""

    type: ClassVar[str] = "groundtune.document.submitted.v1"
    corpus: str
    bucket: str
    key: str = Field(description="decoded object key")
    etag: str | None = None
    sequencer: str | None = None
    chunking: Chunking | None = Field(default=None, description="None: the corpus's own settings")

    def subject(self) -> str:
        return f"corpus/{self.corpus}/object/{self.key}"


class ObjectOutcome(Event):
    """What became of one version of one object under one chunking."""

    corpus: str
    bucket: str
    key: str
    etag: str
    chunking: str = Field(description="fingerprint of parser and chunker settings")


class DocumentIngested(ObjectOutcome):
    """An object was parsed and cut into chunks, now stored under ``document`` and ``chunking``."""

    type: ClassVar[str] = "groundtune.document.ingested.v1"
    document: str = Field(description="SHA-256 of the document's bytes")
    chunks: int

    def subject(self) -> str:
        return f"corpus/{self.corpus}/document/{self.document}"


class DocumentRejected(ObjectOutcome):
    """An object could not become chunks: an outcome, not an error. ``code`` is from a closed list."""

    type: ClassVar[str] = "groundtune.document.rejected.v1"
    code: str
    message: str

    def subject(self) -> str:
        return f"corpus/{self.corpus}/object/{self.key}"


class SynthesisRequested(Event):
    """Please write samples for one unit by one recipe, round ``round`` (0 is the first)."""

    type: ClassVar[str] = "groundtune.synthesis.requested.v1"
    corpus: str
    unit: Unit
    chunking: str
    recipe: str = Field(description="fingerprint of a recipe that is stored with the corpus")
    round: int = 0
    run: str | None = Field(default=None, description="the run that asks; None: the corpus itself")

    def subject(self) -> str:
        return f"corpus/{self.corpus}/unit/{self.unit.name}"

    def identity(self) -> str:
        return canonical_json([self.run, self.corpus, self.unit.name, self.chunking, self.recipe, self.round])


class SamplesGenerated(Event):
    """Samples of one unit, recipe and round are stored; ``recipe`` is None when nobody asked for any."""

    type: ClassVar[str] = "groundtune.samples.generated.v1"
    corpus: str
    unit: str = Field(description="the unit's name; of one document its id")
    chunking: str
    recipe: str | None = None
    round: int = 0
    kept: int = 0
    rejected: int = 0
    failure: str | None = Field(default=None, description="why nothing could be written, if so")
    code: str | None = Field(default=None, description="of the failure: not_written, or budget when it is spent")
    run: str | None = Field(default=None, description="the run that asked")
    bucket: str | None = Field(default=None, description="bucket, key, etag: the object whose arrival caused this")
    key: str | None = None
    etag: str | None = None

    def subject(self) -> str:
        return f"corpus/{self.corpus}/unit/{self.unit}"


class CorpusQuietDue(Event):
    """Delayed: has the corpus been quiet since the arrival that sent this?"""

    type: ClassVar[str] = "groundtune.corpus.quiet-due.v1"
    corpus: str
    arrival: str = Field(description="the arrival that started the waiting")
    due: float = Field(description="Unix time, seconds")

    def subject(self) -> str:
        return f"corpus/{self.corpus}"


class RunEvent(Event):
    """An event of one run. ``revision`` enters its name: what is done again after a redrive is no repeat."""

    run: str
    revision: int = Field(default=0, description="0 is the run itself; each redrive of an ended run makes the next")

    def subject(self) -> str:
        return f"run/{self.run}"

    def identity(self) -> str:
        return canonical_json(self.model_dump(mode="json"))


class RunRequested(RunEvent):
    """Please run the experiment stored at ``runs/<run>/run.yaml``."""

    type: ClassVar[str] = "groundtune.run.requested.v1"
    corpus: str


class RunSweepDue(RunEvent):
    """Delayed: reconcile the run's expected items with its records and the dead-letter queues."""

    type: ClassVar[str] = "groundtune.run.sweep-due.v1"
    sweep: int = 0


class ArmEvent(RunEvent):
    """An event of one arm of a run. ``arm`` is the arm's slug."""

    arm: str

    def subject(self) -> str:
        return f"run/{self.run}/arm/{self.arm}"


class DatasetReady(ArmEvent):
    """An arm's training file is written; ``examples`` is 0 for an arm that uses its base model."""

    type: ClassVar[str] = "groundtune.dataset.ready.v1"
    examples: int = 0


class SynthesisBatchDue(RunEvent):
    """Please answer a wave's teacher calls by batch inference, then request its samples. ``poll`` counts the looks."""

    type: ClassVar[str] = "groundtune.synthesis.batch-due.v1"
    wave: int
    poll: int = 0


class JobPollDue(ArmEvent):
    """Delayed: look at the arm's customization job or deployment. ``poll`` counts the looks."""

    type: ClassVar[str] = "groundtune.job.poll-due.v1"
    poll: int = 0


class JobStateChanged(Event):
    """EventBridge's ``Model Customization Job State Change``, as it matters to us."""

    type: ClassVar[str] = "groundtune.job.state-changed.v1"
    job_arn: str
    job_name: str
    status: str

    def subject(self) -> str:
        return f"job/{self.job_name}"

    def identity(self) -> str:
        return canonical_json([self.job_arn, self.status])


class ModelReady(ArmEvent):
    """An arm can be asked: ``model`` is a model id or a deployment's ARN."""

    type: ClassVar[str] = "groundtune.model.ready.v1"
    model: str


class InferenceBatchDue(ArmEvent):
    """Please answer the arm's questions by batch inference, then cut them into shards. ``poll`` counts the looks."""

    type: ClassVar[str] = "groundtune.inference.batch-due.v1"
    model: str
    poll: int = 0


class InferenceShardDue(ArmEvent):
    """Please answer shard ``shard`` of the evaluation set."""

    type: ClassVar[str] = "groundtune.inference.shard-due.v1"
    shard: int
    model: str


class PredictionsReady(ArmEvent):
    """The answers of one shard are stored."""

    type: ClassVar[str] = "groundtune.predictions.ready.v1"
    shard: int


class ArmPredicted(ArmEvent):
    """All shards of an arm are answered or failed: its deployment can go."""

    type: ClassVar[str] = "groundtune.arm.predicted.v1"


class ComparisonDue(RunEvent):
    """All shards of all arms are scored or failed: have them judged where a judge is named, then compare."""

    type: ClassVar[str] = "groundtune.comparison.due.v1"
    judged: bool = Field(default=False, description="the judge has been asked all that it is to be asked")


class JudgementDue(RunEvent):
    """Please have the judge compare the arms' answers to shard ``shard``; the one after the last is the canaries."""

    type: ClassVar[str] = "groundtune.judgement.due.v1"
    shard: int


class ReportDue(RunEvent):
    """The comparison is stored, or the run failed: write the report and end the run."""

    type: ClassVar[str] = "groundtune.report.due.v1"


class RunScored(RunEvent):
    """The run has ended. ``status``: completed, completed_with_failures or failed."""

    type: ClassVar[str] = "groundtune.run.scored.v1"
    status: str
    report: str | None = Field(default=None, description="S3 key prefix of the report")


@cache
def event_types() -> Mapping[str, type[Event]]:
    """Every event class of this module by its type name."""
    classes = (found for found in globals().values() if isinstance(found, type) and issubclass(found, Event))
    return MappingProxyType({found.type: found for found in classes if found.type})
