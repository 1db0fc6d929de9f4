"""What is stored in S3: one model per kind of artifact. Lists are stored as JSON Lines."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.base import Model


class SourceRecord(Model):
    """Where a document comes from. Belongs to an object version, never to its bytes."""

    url: str
    title: str
    licence: str | None = None


class Chunk(Model):
    """A piece of a document. ``id`` is 16 hex digits of the hash of document and text."""

    id: str
    document: str
    text: str
    section: list[str] = Field(default=[], description="headings above the chunk, outermost first")
    page: int | None = Field(default=None, description="1-based, where the format has pages")
    start: int = Field(description="offset of the first character in the parsed text")
    end: int = Field(description="offset after the last character in the parsed text")
    fit: Literal["whole", "over_long", "cut"] = Field(
        default="whole",
        description="over_long: one sentence, table row or code block larger than the budget, kept whole; "
        "cut: a part of one that is larger than models take",
    )


class Document(Model):
    """What is known of a document's bytes, beside its chunks."""

    document: str
    media_type: str
    title: str | None = None
    language: str = "en"
    pages: int | None = None
    source: dict[str, str] = Field(default={}, description="url, title, licence found in front matter")
    notes: list[str] = Field(default=[], description="what the parser left out, a sentence each")
    chunks: int = Field(default=0, description="how many chunks it was cut into")
    signature: list[int] = Field(default=[], description="MinHash of its words, by which near duplicates are found")


class GroundTruth(Model):
    """A question, the answer a person wrote, and the links that answer rests on."""

    id: str
    question: str
    answer: str
    references: list[str]


class Sample(Model):
    """A synthetic question-answer pair. ``citations`` are ids of chunks of its document."""

    id: str
    document: str
    question: str
    answer: str
    citations: list[str]
    evidence: str = Field(description="words taken verbatim from a cited chunk")
    language: str


class RejectedSample(Model):
    """A sample that a filter refused, kept with its reason."""

    id: str
    document: str
    code: str
    message: str
    question: str = ""
    answer: str = ""


class RetrievedDocument(Model):
    """A chunk as a model sees it: numbered from 1 in the prompt by its place in the list."""

    chunk: str
    url: str
    title: str
    text: str


class TrainingExample(Model):
    """One row of a dataset before it is written in a model family's format."""

    id: str
    kind: Literal["original", "synthetic"]
    question: str
    answer: str
    references: list[str]
    documents: list[RetrievedDocument]


class Prediction(Model):
    """One answer of one arm. ``error`` is set, and ``answer`` empty, when the model gave none."""

    id: str
    question: str
    answer: str
    documents: list[RetrievedDocument]
    stop_reason: str = "end_turn"
    input_tokens: int = 0
    output_tokens: int = 0
    error: str | None = None


class CitationScore(Model):
    """Links of one answer against its references, as sets of canonical URLs."""

    precision: float
    recall: float
    f1: float
    exact: float
    hit: float
    cited: list[str] = []
    hallucinated: int = Field(
        default=0, description="cited links that were not among the documents the model was given"
    )


class Score(Model):
    """All metrics of one answer. ROUGE values are F-measures, similarities cosine, rounded to 6 digits."""

    id: str
    arm: str
    rouge1: float
    rouge2: float
    rouge3: float
    rougeL: float
    embedding_similarity: float
    citation: CitationScore


class Failure(Model):
    """An item that did not make it, and why."""

    stage: str
    item: str
    code: str
    message: str


class ManifestEntry(Model):
    """One object of a run's snapshot, in the version that the run was submitted over."""

    bucket: str
    key: str
    etag: str


class SnapshotDocument(Model):
    """A document of a run's snapshot, with the source it is cited by. ``aliases`` are its other URLs."""

    document: str
    key: str
    url: str
    title: str
    language: str
    licence: str | None = None
    aliases: list[str] = []
    superseded: list[str] = Field(default=[], description="keys of earlier objects of its URLs, which it replaces")
    group: str = Field(default="", description="documents of one group are never split between training and evaluation")


class SplitPlan(Model):
    """Who is in which set. Ids are ground-truth ids, in the seeded order in which arms take them."""

    by: Literal["group", "question"]
    seed: int
    evaluation: list[str]
    train: list[str]
    left_out: dict[str, str] = Field(default={}, description="ground-truth id → why it is in neither set")
    train_documents: list[str] = Field(description="documents that training rows and the teacher may see")
    groups: int
    evaluation_groups: int


class DatasetManifest(Model):
    """What an arm was trained on. ``sha256`` is the training file's."""

    arm: str
    format: str
    original: int
    synthetic: int
    sha256: str
    removed: dict[str, int] = Field(default={}, description="samples taken out, by reason")
    examples: list[str] = Field(description="ids of the rows, in file order")


class DataSummary(Model):
    """The funnel of a run's data, for the report: hashes and counts that equal runs share."""

    documents: int
    rejected_documents: int
    superseded_documents: int = Field(default=0, description="objects that a later one of the same URL replaces")
    chunks: int
    ground_truth: int
    evaluation: int
    train: int
    left_out: dict[str, int] = {}
    groups: int
    evaluation_groups: int
    samples: int = Field(default=0, description="synthetic samples kept by the filters")
    samples_rejected: dict[str, int] = Field(default={}, description="rejected samples by code")
    samples_removed: dict[str, int] = Field(default={}, description="kept samples not used, by reason")
    recipe: str | None = None
    snapshot_sha256: str
    evaluation_sha256: str
