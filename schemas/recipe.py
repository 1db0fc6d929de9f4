"""Settings that are part of an artifact's identity: how documents are cut, how samples are written."""

from __future__ import annotations

from typing import Literal, get_args

from pydantic import ConfigDict, Field, field_validator

from schemas.base import Model, StrictModel, content_hash

PARSER_VERSION = "2"
"""Raised whenever the same bytes would give other chunks; part of every chunk's identity."""


SYNTHESIS_VERSION = "1"
"""Raised whenever the same recipe would ask for other questions or keep other samples; part of every sample's identity.
"""


class Chunking(StrictModel):
    """How documents are cut into chunks."""

    max_tokens: int = Field(default=320, ge=32, le=4096, description="upper bound of a chunk, estimated tokens")
    overlap_sentences: int = Field(default=0, ge=0, le=5, description="sentences repeated from the chunk before")

    korean_sentences: Literal["rules", "kiwi"] = Field(
        default="rules",
        description="kiwi: a morphological analyser (extra `korean`) looks for ends within what the rules hold for a "
        "Korean sentence longer than max_tokens",
    )

    def fingerprint(self) -> str:
        """16 hex digits that name these settings and the parser's version."""
        return content_hash({"parser": PARSER_VERSION, **self.model_dump()})[:16]


QuestionType = Literal[
    "fact", "definition", "procedure", "comparison", "table", "troubleshooting", "multi_hop", "unanswerable"
]  # fmt: skip
"""What a question asks for. ``table``: a look-up in a table; ``multi_hop``: two or more documents are needed;
``unanswerable``: the documents that answer it are withheld, and the answer is a refusal."""

QUESTION_TYPES: tuple[QuestionType, ...] = get_args(QuestionType)

Difficulty = Literal["easy", "medium", "hard"]

DEFAULT_TYPES: dict[QuestionType, float] = {
    "fact": 4.0, "definition": 2.0, "procedure": 3.0, "comparison": 1.0, "table": 2.0, "troubleshooting": 2.0,
    "multi_hop": 1.0, "unanswerable": 1.0,
}  # fmt: skip
"""Floats: a recipe that was stored and read has the fingerprint that it had before."""

DEFAULT_DIFFICULTIES: dict[Difficulty, float] = {"easy": 1.0, "medium": 2.0, "hard": 1.0}

DEFAULT_PERSONAS = ("a new customer", "a support engineer", "a technician in the field", "a developer")


class StyleExample(Model):
    """A ground-truth pair that shows the teacher the house style."""

    question: str
    answer: str


class AnswerLength(Model):
    """How long an answer is, in words (separated by white space)."""

    least: int = Field(default=2, ge=1, description="a shorter answer is rejected")
    usual: int = Field(default=30, ge=1, description="the length that the teacher aims at")
    most: int = Field(default=120, ge=1, description="a longer answer is rejected")


class GuardrailCheck(StrictModel):
    """A Bedrock guardrail with a contextual grounding policy, by which samples are scored."""

    id: str
    version: str = "DRAFT"
    grounding: float = Field(default=0.7, ge=0, le=1, description="a lower grounding score rejects the sample")
    relevance: float = Field(default=0.5, ge=0, le=1, description="a lower relevance score rejects the sample")


class Filters(StrictModel):
    """What a sample must pass. Thresholds are part of the recipe."""

    evidence_chars: int = Field(default=8, ge=1, description="a shorter quote proves nothing")
    claims: bool = Field(default=True, description="a model checks each claim against the cited text")
    closed_book: bool = Field(default=True, description="a question that a model answers without documents is rejected")
    closed_book_overlap: float = Field(
        default=0.6, gt=0, le=1, description="share of the answer's words that such an answer has in common with it"
    )
    near_duplicate: float = Field(default=0.8, gt=0, le=1, description="similarity of two questions of one document")
    guardrail: GuardrailCheck | None = None


class Recipe(Model):
    """How the teacher writes samples. Its hash is part of every sample's identity."""

    model_config = ConfigDict(validate_default=True)

    teacher: str = Field(description="model id")
    checker: str | None = Field(default=None, description="model that checks claims; None: by words alone")
    closed_book: str | None = Field(default=None, description="model that is asked without documents; None: none is")
    prompts: dict[str, str] = Field(description="every prompt in use, whole, by name: `teacher.ko`, …")
    per_1000_tokens: float = Field(default=2.0, gt=0, le=200, description="samples asked for in the first round")
    types: dict[QuestionType, float] = DEFAULT_TYPES
    personas: list[str] = list(DEFAULT_PERSONAS)
    difficulties: dict[Difficulty, float] = DEFAULT_DIFFICULTIES
    style: list[StyleExample] = []
    refusals: dict[str, str] = Field(default={}, description="by language: what is said when the documents say nothing")
    lengths: dict[str, AnswerLength] = Field(default={}, description="by language")
    language: Literal["auto", "en", "ko"] = Field(default="auto", description="auto: each document's own")
    filters: Filters = Filters()

    @field_validator("types", "difficulties")
    @classmethod
    def _some_weight(cls, value: dict[str, float]) -> dict[str, float]:
        return weights(value)

    def fingerprint(self) -> str:
        """16 hex digits that name the recipe and the version of what plans and filters by it."""
        return content_hash({"synthesis": SYNTHESIS_VERSION, **self.model_dump()})[:16]


def weights(value: dict[str, float]) -> dict[str, float]:
    """Weights as they came. Raises ValueError when one is negative or all are zero."""
    wrong = [name for name, weight in value.items() if weight < 0]
    if wrong:
        raise ValueError(f"has a weight below 0, of {wrong[0]!r}; give it 0 or more")
    if not any(value.values()):
        raise ValueError("has no weight above 0; give one to something")
    return value


class Unit(Model):
    """What samples are written from in one go: one document, or the chunks of several that a question shall connect."""

    documents: list[str] = Field(min_length=1)
    chunks: list[str] = Field(default=[], description="ids of the chunks to show; none: all of the document")

    @property
    def name(self) -> str:
        """The document's id, or 64 hex digits of the hash of documents and chunks."""
        if len(self.documents) == 1 and not self.chunks:
            return self.documents[0]
        return content_hash([self.documents, self.chunks])
