"""The report of a run, as data. Everything that may differ between two equal runs sits under ``provenance``."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field

from schemas.artifacts import DataSummary, Failure
from schemas.base import Model
from schemas.experiment import Split, Train
from schemas.people import PeopleReport

Direction = Literal["up", "down", "unclear"]


class Comparison(Model):
    """How a metric of an arm differs from another arm's, over the questions that all arms answered.

    ``relative`` is mean(arm) / mean(other) − 1, with ``low`` and ``high`` its 95 % interval; all three are None when
    the other's mean is (almost) zero. ``difference`` is mean(arm) − mean(other). docs/statistics.md says what each
    number is and how it is computed.
    """

    relative: float | None = None
    low: float | None = None
    high: float | None = None
    difference: float | None = None
    difference_low: float | None = None
    difference_high: float | None = None
    p: float | None = Field(default=None, description="two-sided, of this comparison alone")
    test: str | None = Field(default=None, description="what p is of, such as `sign-flip` or `McNemar, exact`")
    interval: str | None = Field(default=None, description="method of low and high, such as `delta method`")


class Contrast(Comparison):
    """Two arms of which neither is the baseline."""

    arm: str
    against: str
    metric: str


class MetricValue(Comparison):
    """A metric of one arm, and its change against the baseline, which the baseline itself has not."""

    value: float | None
    value_low: float | None = Field(default=None, description="95 % interval of the value itself")
    value_high: float | None = None
    p_holm: float | None = Field(default=None, description="adjusted for all comparisons of the table")
    significant: bool | None = Field(
        default=None, description="p_holm is at most 0.05 and the interval leaves out zero; None: not tested"
    )
    detectable: float | None = Field(
        default=None, description="absolute difference that so many questions show in 80 of 100 runs"
    )
    n: int
    with_missing_as_zero: float | None = Field(
        default=None, description="mean over the whole evaluation set, a missing answer scored 0"
    )

    @property
    def direction(self) -> Direction | None:
        """Where the whole interval lies: ``up``, ``down`` or, around zero, ``unclear``. None without an interval.

        ``unclear`` also where the test does not agree with the interval.
        """
        if self.low is None or self.high is None:
            return None
        if self.significant is False:
            return "unclear"
        if self.low > 0:
            return "up"
        return "down" if self.high < 0 else "unclear"


class MacroMicro(Model):
    """A share over questions (the mean of theirs) and over links (of the sums); None of nothing."""

    macro: float | None
    micro: float | None


class CitationReport(Model):
    """The citations of one arm over the questions that all arms answered."""

    n: int
    links: int = Field(description="cited, each once an answer")
    abstained: int = Field(description="answers that rightly cite nothing: their question has no reference link")
    uncited: int = Field(description="answers that cite nothing though there is a reference link")
    precision: MacroMicro
    recall: MacroMicro
    reachable_recall: MacroMicro = Field(description="of the reference links that the model was given")
    hallucinated: dict[str, MacroMicro] = Field(
        default={}, description="by kind and `any`; macro: share of answers with one, micro: share of cited links"
    )
    wrong: int = 0
    missed: int = 0
    unreachable: int = Field(default=0, description="reference links that the model was not given")


class LossPoint(Model):
    """The loss after so many gradient steps of a training, counted from 1."""

    step: int
    loss: float


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
    citations: CitationReport | None = None
    answered: int = 0
    endings: dict[str, int] = Field(default={}, description="answers by stop reason; error: a question without answer")
    loss: list[float] = Field(default=[], description="training loss by step, as Bedrock reports it")
    validation_loss: list[LossPoint] = Field(default=[], description="where the job had a validation file")


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


class SliceValue(Model):
    """One metric of one arm over the questions of a slice, and its change against the baseline there.

    There is no interval and no p over fewer than five questions.
    """

    arm: str
    metric: str
    n: int = Field(description="questions of the slice that the metric applies to")
    value: float | None
    difference: float | None = None
    low: float | None = Field(default=None, description="95 % interval of the difference")
    high: float | None = None
    p: float | None = None
    p_adjusted: float | None = Field(default=None, description="Benjamini-Hochberg over all slices")
    significant: bool | None = Field(
        default=None, description="p_adjusted is at most 0.05 and the interval leaves out zero; None: not tested"
    )


class QuestionSlice(Model):
    """The questions that have something in common: ``by`` language, say, those that are ``ko``."""

    by: str
    name: str
    n: int
    values: list[SliceValue]


class ExampleAnswer(Model):
    """One arm's answer to an example question."""

    arm: str
    answer: str
    rougeL: float
    citation: float | None


class Example(Model):
    """A question with the answers of the baseline and of the best arm, side by side."""

    id: str
    question: str
    reference: str
    references: list[str]
    change: float = Field(description="ROUGE-L of the compared arm minus ROUGE-L of the baseline")
    answers: list[ExampleAnswer]


class JudgeMatch(Model):
    """What the judge said of one arm's answers beside another's, both orders taken together.

    ``win_rate`` counts ties half and leaves errors out, ``low`` and ``high`` are its 95 % bootstrap interval over
    questions; ``length_controlled`` is the rate at equal length of answers.
    """

    arm: str
    against: str
    n: int = Field(description="questions with an outcome")
    wins: int
    ties: int
    losses: int
    errors: int = 0
    win_rate: float | None = None
    low: float | None = None
    high: float | None = None
    length_controlled: float | None = None


class JudgeStrength(Model):
    """Bradley–Terry log strength of an arm, the baseline's being 0, with its 95 % bootstrap interval."""

    arm: str
    strength: float
    low: float
    high: float


class JudgeBias(Model):
    """Shares: of verdicts for an answer, those for the one shown first; of comparisons, those judged alike in both
    orders, those that ended in a tie, and those without an outcome."""

    votes: int
    first_slot: float | None = None
    consistency: float | None = None
    ties: float | None = None
    errors: float | None = None


class JudgeCanary(Model):
    """Comparisons whose outcome was known: how many ended as they must."""

    kind: Literal["identical", "foreign", "injected"]
    n: int
    passed: int
    valid: bool


class JudgeReport(Model):
    """What the LLM judge said, and how far it can be trusted."""

    model: str
    signature: str = Field(description="how exactly it was asked")
    valid: bool = Field(description="False when it fails its canaries; ``notes`` say which")
    notes: list[str] = []
    questions: int
    matches: list[JudgeMatch] = []
    strengths: list[JudgeStrength] = []
    bias: JudgeBias
    canaries: list[JudgeCanary] = []
    ratings: dict[str, dict[str, float]] = Field(default={}, description="by arm the mean of each criterion, 1 to 5")
    groundedness: dict[str, float] = Field(default={}, description="by arm the share of claims that documents support")


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
    metrics: list[str] = Field(description="of the main table, in its order")
    further: list[str] = Field(default=[], description="metrics that were asked for beside them")
    signatures: dict[str, str] = Field(default={}, description="metric → how exactly it was computed")
    statistics: str = Field(default="", description="how exactly intervals and p-values were computed")
    models: dict[str, str]
    model_notes: list[str] = Field(default=[], description="what the models are, such as a local stand-in")
    prompts: list[PromptRecord]
    split: Split
    seed: int
    hyperparameters: dict[str, str] = {}
    data: DataSummary | None = None
    retrieval: RetrievalQuality | None = Field(default=None, description="None: no question was given documents")
    judge: JudgeReport | None = Field(default=None, description="None: no judge was asked")
    contrasts: list[Contrast] = Field(default=[], description="arms against arms, the baseline's changes left out")
    slices: list[QuestionSlice] = Field(default=[], description="over the questions that all arms answered")
    people: PeopleReport | None = Field(default=None, description="rankings, where people had given some by then")
    failures: list[Failure] = []
    best: list[Example] = []
    worst: list[Example] = []
    provenance: dict[str, Any] = {}
