"""The report of a run, as data. Everything that may differ between two equal runs sits under ``provenance``."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from schemas.artifacts import DataSummary, Failure
from schemas.base import Model
from schemas.experiment import Split, Train

Direction = Literal["up", "down", "unclear"]


class MetricValue(Model):
    """A metric of one arm over the questions that all arms answered, and its change against the baseline.

    ``relative`` is mean(arm) / mean(baseline) − 1, with ``low`` and ``high`` its 95 % paired-bootstrap interval;
    all three are None for the baseline itself and when the baseline's mean is (almost) zero.
    """

    value: float | None
    relative: float | None = None
    low: float | None = None
    high: float | None = None
    n: int
    with_missing_as_zero: float | None = Field(
        default=None, description="mean over the whole evaluation set, a missing answer scored 0"
    )

    @property
    def direction(self) -> Direction | None:
        """Where the whole interval lies: ``up``, ``down`` or, around zero, ``unclear``. None without an interval."""
        if self.low is None or self.high is None:
            return None
        if self.low > 0:
            return "up"
        return "down" if self.high < 0 else "unclear"


class ArmReport(Model):
    """One row of the table. ``train`` is what was asked for, ``trained_on`` what the dataset held."""

    name: str
    prompt: str
    train: Train | None = None
    trained_on: Train | None = None
    model: str = Field(description="base model id; a fine-tuned arm's own ARN is under provenance")
    status: str = Field(description="scored or failed")
    reason: str | None = None
    metrics: dict[str, MetricValue]
    answered: int = 0
    endings: dict[str, int] = Field(default={}, description="answers by stop reason; error: a question without answer")
    loss: list[float] = Field(default=[], description="training loss by step, as Bedrock reports it")


class RecallAt(Model):
    """Shares of questions whose reference documents, all of them or any, are among the ``k`` best retrieved chunks."""

    k: int
    all: float
    any: float


class Slice(Model):
    """One arm over some questions; means are None when there are none."""

    n: int
    rougeL: float | None
    citation_accuracy: float | None


class ArmSlices(Model):
    """One arm where all reference documents were retrieved, and where they were not."""

    arm: str
    retrieved: Slice
    not_retrieved: Slice


class RetrievalQuality(Model):
    """What retrieval found of the reference documents, the same for all arms. ``n``: questions with references."""

    by: Literal["search", "ground_truth", "knowledge_base"]
    n: int
    recall: list[RecallAt] = Field(description="for each k up to retrieval.top_k")
    slices: list[ArmSlices] = Field(default=[], description="over the questions that all arms answered")


class ExampleAnswer(Model):
    """One arm's answer to an example question."""

    arm: str
    answer: str
    rougeL: float
    citation: float


class Example(Model):
    """A question with the answers of the baseline and of the best arm, side by side."""

    id: str
    question: str
    reference: str
    references: list[str]
    change: float = Field(description="ROUGE-L of the compared arm minus ROUGE-L of the baseline")
    answers: list[ExampleAnswer]


class PromptRecord(Model):
    """A prompt by name, with its text and hash."""

    name: str
    sha256: str
    text: str


class Report(Model):
    """report.json."""

    version: int = 1
    name: str
    status: str = Field(description="completed, completed_with_failures or failed")
    reason: str | None = None
    valid: bool = Field(description="False when a score cannot be trusted; ``notes`` says why")
    notes: list[str] = []
    baseline: str
    winner: str | None = Field(default=None, description="arm with the best headline metric, if any beats the baseline")
    summary: list[str] = Field(default=[], description="what the numbers say, in sentences")
    arms: list[ArmReport]
    metrics: list[str]
    signatures: dict[str, str] = Field(default={}, description="metric → how exactly it was computed")
    models: dict[str, str]
    model_notes: list[str] = Field(default=[], description="what the models are, such as a local stand-in")
    prompts: list[PromptRecord]
    split: Split
    seed: int
    hyperparameters: dict[str, str] = {}
    data: DataSummary | None = None
    retrieval: RetrievalQuality | None = Field(default=None, description="None: no question was given documents")
    failures: list[Failure] = []
    best: list[Example] = []
    worst: list[Example] = []
    provenance: dict[str, Any] = {}
