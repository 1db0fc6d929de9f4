"""What is stored in S3: one model per kind of artifact. Lists are stored as JSON Lines."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.base import Model
from schemas.recipe import Difficulty, QuestionType, Unit


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
    documents: list[str] = Field(
        default=[], description="URLs of what it is answered from, where retrieval is by ground truth"
    )
    type: str | None = Field(default=None, description="kind of question, by which results are sliced")
    topic: str | None = Field(default=None, description="what it is about, by which results are sliced")


class Evidence(Model):
    """Words that prove an answer, verbatim (but for white space) from a chunk."""

    chunk: str
    quote: str


class Sample(Model):
    """A synthetic question-answer pair. Chunks are named by id.

    Where ``withheld`` names chunks the question is unanswerable: they held the evidence and are never shown with it,
    ``answer`` is a refusal, and nothing is cited.
    """

    id: str
    documents: list[str] = Field(description="the documents it was written from, the first cited one first")
    type: QuestionType
    persona: str = ""
    difficulty: Difficulty = "medium"
    question: str
    answer: str
    citations: list[str] = Field(description="chunks that the answer rests on")
    evidence: list[Evidence]
    withheld: list[str] = []
    language: str


class RejectedSample(Model):
    """A sample that a filter refused, kept with its reason."""

    id: str
    documents: list[str]
    code: str
    message: str
    type: QuestionType | None = None
    question: str = ""
    answer: str = ""
    citations: list[str] = []
    evidence: list[Evidence] = []


class RemovedSample(Model):
    """A sample that the filters kept and a run took out later, and why."""

    sample: Sample
    code: str = Field(description="`near_duplicate`, `contaminated`, …")
    message: str
    evaluation: str | None = Field(default=None, description="id of the evaluation pair that it gives away")
    similarity: float | None = Field(default=None, description="to `text`, at most 1")
    text: str = Field(default="", description="what it is too like")


LeakPart = Literal["question", "answer", "context"]
LeakMethod = Literal["exact", "ngram", "near", "semantic"]


class Leak(Model):
    """Why something that would train is taken out: it gives an evaluation pair away. The first method that found it,
    and with it the most similar text."""

    id: str = Field(description="of the training pair, the sample or the chunk")
    part: LeakPart
    method: LeakMethod
    similarity: float = Field(
        description="0 to 1, to six digits: Jaccard of trigrams (near), share of n-grams (ngram), cosine (semantic), "
        "1 (exact)"
    )
    evaluation: str = Field(description="id of the evaluation pair, or of a chunk of what it rests on")
    text: str
    evaluation_text: str


class PlannedUnit(Model):
    """A unit that a run may ask about, and how much text it has."""

    unit: Unit
    tokens: int = Field(description="estimated, of the chunks that can be asked about")
    chunks: int = Field(description="that can be asked about")


class WaveItem(Model):
    """One unit that a run asks about in a wave, and which of the unit's rounds it is."""

    unit: Unit
    round: int

    @property
    def name(self) -> str:
        """Of its fan-in item."""
        return f"{self.unit.name}/{self.round}"


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
    type: QuestionType | None = Field(default=None, description="of a synthetic sample")
    question: str
    answer: str
    references: list[str]
    oracle: list[str] = Field(default=[], description="chunks that answer, of those shown; the others are distractors")
    documents: list[RetrievedDocument]


class Prediction(Model):
    """One answer of one arm. ``error`` is set, and ``answer`` empty, when the model gave none.

    ``cached`` and ``latency_ms`` may differ between equal runs: they enter a report's provenance and nothing else.
    """

    id: str
    question: str
    answer: str
    documents: list[RetrievedDocument]
    prompt_sha256: str = Field(default="", description="of the system prompt and the whole user turn, as sent")
    stop_reason: str = Field(default="end_turn", description="as Bedrock says it; error: there is no answer")
    input_tokens: int = Field(default=0, description="without those that came from or went to the prompt cache")
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    cached: bool = Field(default=False, description="the answer came from the store, and no model was asked")
    latency_ms: float | None = Field(
        default=None,
        description="from asking to the whole answer, waiting for the model's limits included; None: cached",
    )
    error: str | None = None


class RougeDetail(Model):
    """One ROUGE metric of one answer, 0 to 1 each."""

    precision: float
    recall: float
    fmeasure: float


class HallucinatedLinks(Model):
    """Cited links that the model was not given, by kind; every one is in one list."""

    invented: list[str] = Field(default=[], description="no known document has it, nor is it like one that was given")
    mangled: list[str] = Field(default=[], description="no known document has it; it is like one that was given")
    unretrieved: list[str] = Field(default=[], description="a known document's that the model was not given")
    invalid: list[str] = Field(default=[], description="markers such as [7] that number no given document")

    @property
    def all(self) -> list[str]:
        return [*self.invented, *self.mangled, *self.unretrieved, *self.invalid]


class CitationDetail(Model):
    """The links of one answer beside its references, as sorted sets of canonical URLs.

    What follows from the documents that the model was given is None where those are not known.
    """

    cited: list[str] = []
    correct: list[str] = Field(default=[], description="cited, and among the references")
    missed: list[str] = Field(default=[], description="references that are not cited")
    wrong: list[str] | None = Field(default=None, description="given to the model and cited, yet no reference")
    reachable: list[str] | None = Field(default=None, description="references that the model was given")
    unreachable: list[str] | None = Field(default=None, description="references that the model was not given")
    hallucinated: HallucinatedLinks | None = None


class Score(Model):
    """Metrics of one answer, 0 to 1 unless a metric says otherwise; None where one does not apply to the answer.

    A measure writes scores of its own metrics; those of one answer are laid together.
    """

    id: str
    arm: str = ""
    values: dict[str, float | None]
    rouge: dict[str, RougeDetail] = Field(default={}, description="metric → precision, recall and F-measure")
    citation: CitationDetail | None = None


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
    tokens: int = Field(default=0, description="estimated, of the chunks that can be asked about")
    chunks: int = Field(default=0, description="that can be asked about")
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
    base_model: str = ""
    original: int
    synthetic: int
    repeat: int = Field(default=1, description="how often the file holds each example")
    sha256: str
    removed: dict[str, int] = Field(default={}, description="samples taken out, by reason")
    types: dict[str, int] = Field(default={}, description="synthetic samples by question type")
    languages: dict[str, int] = {}
    oracle_places: dict[int, int] = Field(
        default={}, description="at which place, from 1, a chunk that answers stands, and how often"
    )
    rewritten: dict[str, int] = Field(default={}, description="reserved words of the model, rewritten in the file")
    lineage: dict[str, str] = Field(default={}, description="what it was made from and by: hashes, model ids, versions")
    licences: dict[str, int] = Field(default={}, description="licence of the sources → documents")
    exports: dict[str, str] = Field(default={}, description="further formats → SHA-256 of the file")
    examples: list[str] = Field(description="ids of the examples, in file order")


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
    split_by: Literal["group", "question"] = "group"
    samples_asked: int = Field(default=0, description="questions asked of the teacher")
    samples: int = Field(default=0, description="synthetic samples kept by the filters")
    samples_of_evaluation: int = Field(
        default=0, description="samples written earlier about what this run evaluates with, left out"
    )
    samples_by_type: dict[str, int] = Field(default={}, description="usable samples by question type")
    samples_rejected: dict[str, int] = Field(default={}, description="rejected samples by code")
    samples_removed: dict[str, int] = Field(default={}, description="kept samples not used, by reason")
    recipe: str | None = None
    snapshot_sha256: str
    evaluation_sha256: str
