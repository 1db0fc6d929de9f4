"""run.yaml: one experiment, as a person writes it (prompts as file names) or as it is stored (prompts inlined)."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence
from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from schemas.base import StrictModel
from schemas.judging import Judging
from schemas.recipe import (
    DEFAULT_DIFFICULTIES,
    DEFAULT_PERSONAS,
    DEFAULT_TYPES,
    Chunking,
    Difficulty,
    Filters,
    QuestionType,
    weights,
)

CASE_METRICS = ("rouge1", "rouge2", "rouge3", "rougeL", "embedding_similarity", "citation_accuracy")
"""What the main table of a report compares the arms by."""
DEFAULT_METRICS = (
    *CASE_METRICS, "citation_precision", "citation_recall", "citation_f1", "hallucinated_answers", "char_f1",
    "exact_match", "length_ratio", "refusal_correctness", "language_match",
)  # fmt: skip
"""The case's, and those that cost next to nothing."""
METRICS = (*DEFAULT_METRICS, "citation_hit", "citation_reachable_recall", "hallucinated_links", "chrf", "rougeLsum")
"""Every metric of an answer that can be asked for."""


class Corpus(StrictModel):
    """The documents: a folder beside run.yaml, or an ``s3://bucket/prefix``."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    documents: str


class Models(StrictModel):
    """Model ids as Bedrock knows them."""

    student: str
    teacher: str
    judge: str | None = Field(default=None, description="compares the arms' answers; None: nobody does")
    embeddings: str | None = Field(
        default=None, description="None: duplicates are found by words alone, and retrieval is by words alone"
    )


class Split(StrictModel):
    """How the evaluation set is held apart: by document group, or by question (same documents, other questions)."""

    by: Literal["group", "question"] = "group"
    evaluation: int = Field(default=60, ge=1, description="questions in the evaluation set")


class Retrieval(StrictModel):
    """What a model is given to answer from."""

    by: Literal["search", "ground_truth", "knowledge_base"] = Field(
        default="search",
        description="ground_truth: chunks of the documents that each pair names itself; knowledge_base: what Amazon "
        "Bedrock finds (training rows are made by search)",
    )
    knowledge_base: str | None = Field(
        default=None,
        pattern=r"^(arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:knowledge-base/)?[0-9a-zA-Z]{10}$",
        description="id or ARN of the knowledge base, for `by: knowledge_base`",
    )
    mode: Literal["bm25", "hybrid"] = Field(
        default="bm25", description="hybrid: what words find and what `models.embeddings` finds, fused"
    )
    analyzer: Literal["words", "ko-morph"] = Field(
        default="words",
        description="what words are; ko-morph: in Korean morphemes (extra `korean`, 1 GB of memory), else pairs of "
        "syllables",
    )
    top_k: int = Field(default=4, ge=1, le=20, description="chunks per question")

    @model_validator(mode="after")
    def _named(self) -> Retrieval:
        if (self.by == "knowledge_base") != (self.knowledge_base is not None):
            raise ValueError("`by: knowledge_base` and `knowledge_base: ID` go together; write both or neither")
        return self


Tier = Literal["priority", "default", "flex"]
"""Bedrock's service tiers: before others at a premium, as ever, or when there is room at a discount."""


class GuardrailChoice(StrictModel):
    """A guardrail of the account that questions and answers pass."""

    id: str = Field(
        pattern=r"^([a-z0-9]+|arn:aws(-[^:]+)?:bedrock:[a-z0-9-]{1,20}:[0-9]{12}:guardrail/[a-z0-9]+)$",
        max_length=2_048, description="its id or ARN",
    )  # fmt: skip
    version: str = Field(
        pattern=r"^([1-9][0-9]{0,7}|DRAFT)$", description="answers behind DRAFT, which may change, are not kept"
    )


class Inference(StrictModel):
    """How Bedrock answers the evaluation set: alike for every arm."""

    batch: Literal["auto", "always", "never"] = Field(
        default="auto", description="batch inference; auto: when all arms can be, the job is large enough and cheaper"
    )
    guardrail: GuardrailChoice | None = None
    service_tier: Tier = "default"
    seconds_per_question: float = Field(
        default=6.0, gt=0, le=600, description="that the models take, measured or assumed: decides the size of a shard"
    )
    cache_prompt: bool = Field(default=True, description="Bedrock's prompt cache, for prompts that are long enough")

    @model_validator(mode="after")
    def _one_way(self) -> Inference:
        if self.batch == "always" and self.guardrail is not None:
            raise ValueError("batch inference passes no guardrail; write batch: never, or take the guardrail out")
        if self.batch == "always" and self.service_tier != "default":
            raise ValueError("batch inference has no service tiers; write batch: never, or service_tier: default")
        return self


class Train(StrictModel):
    """How many examples an arm is fine-tuned on."""

    original: int = Field(default=0, ge=0)
    synthetic: int = Field(default=0, ge=0)
    repeat: int = Field(default=1, ge=1, le=20, description="how often the file holds each example")

    @model_validator(mode="after")
    def _something(self) -> Train:
        if self.original + self.synthetic == 0:
            raise ValueError("train asks for no examples; leave `train` out to use the base model")
        return self


class Synthesis(StrictModel):
    """What the teacher is asked for, and what a sample must pass. Types and difficulties are weights."""

    recipe: Literal["run", "corpus"] = Field(default="run", description="corpus: its own recipe.yaml, and nothing here")
    types: dict[QuestionType, float] = DEFAULT_TYPES
    personas: list[str] = list(DEFAULT_PERSONAS)
    difficulties: dict[Difficulty, float] = DEFAULT_DIFFICULTIES
    filters: Filters = Filters()
    refusals: dict[Literal["en", "ko"], str] = Field(default={}, description="what is said when documents say nothing")
    batch: Literal["auto", "always", "never"] = Field(
        default="auto", description="batch inference; auto: when the job is large enough and cheaper"
    )

    @field_validator("types", "difficulties")
    @classmethod
    def _some_weight(cls, value: dict[str, float]) -> dict[str, float]:
        return weights(value)


class Decontamination(StrictModel):
    """From where on what trains is too much like what evaluates, and is taken out."""

    near_question: float = Field(default=0.6, gt=0, le=1, description="Jaccard similarity of character trigrams")
    near_answer: float = Field(default=0.8, gt=0, le=1)
    near_context: float = Field(default=0.8, gt=0, le=1)
    semantic: float = Field(
        default=0.9, gt=0, le=1, description="cosine of two questions; raised for a language whose texts all lie close"
    )


class Scoring(StrictModel):
    """What answers are measured with, where it can be chosen."""

    tokenizer: Literal["default", "multilingual", "ko-morph", "char", "eojeol"] = Field(
        default="multilingual", description="of ROUGE; `default` drops all that is not a-z or 0-9"
    )
    embedding_model: str | None = Field(
        default=None, description="a sentence-transformers model by Hugging Face id or folder; None: the bundled MiniLM"
    )


class Arm(StrictModel):
    """One contender: a prompt and, with ``train``, a fine-tuned model."""

    name: str = Field(min_length=1, max_length=80)
    prompt: str
    train: Train | None = None

    @property
    def slug(self) -> str:
        """A name that S3 keys and Bedrock jobs accept: ``[a-z0-9-]`` plus 8 hex digits of the name's hash."""
        stem = re.sub(r"[^a-z0-9]+", "-", self.name.lower()).strip("-")[:24].rstrip("-") or "arm"
        return f"{stem}-{hashlib.sha256(self.name.encode()).hexdigest()[:8]}"


class Experiment(StrictModel):
    """One run.yaml. The first arm is the baseline that all others are compared with."""

    name: str = Field(pattern=r"^[a-z0-9][a-z0-9-]{0,39}$")
    corpus: Corpus
    ground_truth: str
    language: Literal["auto", "en", "ko"] = "auto"
    models: Models
    prompts: dict[str, str]
    arms: list[Arm] = Field(min_length=1)
    split: Split = Split()
    retrieval: Retrieval = Retrieval()
    inference: Inference = Inference()
    chunking: Chunking = Chunking()
    synthesis: Synthesis = Synthesis()
    decontamination: Decontamination = Decontamination()
    metrics: list[str] = Field(default=list(DEFAULT_METRICS), description="only what is named is computed")
    scoring: Scoring = Scoring()
    judging: Judging = Judging()
    hyperparameters: dict[str, str] = {}
    exports: list[Literal["converse", "claude", "completion", "distillation", "openai", "sharegpt", "parquet"]] = Field(
        default=[], description="further formats that each dataset is written in"
    )
    budget_usd: float | None = Field(
        default=None, gt=0, allow_inf_nan=False, description="most that the run's model calls may cost, US dollars"
    )
    max_failed_fraction: float = Field(default=0.05, ge=0, le=1)
    seed: int = 7

    @field_validator("split", mode="before")
    @classmethod
    def _short_split(cls, value: Any) -> Any:
        return {"by": value} if isinstance(value, str) else value

    @field_validator("hyperparameters", mode="before")
    @classmethod
    def _strings(cls, value: Any) -> Any:
        return {k: str(v) for k, v in value.items()} if isinstance(value, dict) else value

    @field_validator("metrics")
    @classmethod
    def _known_metrics(cls, value: list[str]) -> list[str]:
        return known_metrics(value)

    @model_validator(mode="after")
    def _consistent(self) -> Experiment:
        names = [arm.name for arm in self.arms]
        doubled = sorted({name for name in names if names.count(name) > 1})
        if doubled:
            raise ValueError(f"two arms are named {doubled[0]!r}; give each its own name")
        for arm in self.arms:
            if arm.prompt not in self.prompts:
                known = ", ".join(sorted(self.prompts))
                raise ValueError(f"arm {arm.name!r} uses prompt {arm.prompt!r}, but `prompts` has only {known}")
        trained = next((arm.name for arm in self.arms if arm.train), None)
        if self.inference.batch == "always" and trained is not None:
            raise ValueError(
                f"inference.batch is always, but arm {trained!r} is fine-tuned, and batch inference takes no"
                " deployment; all arms are asked the same way, so write auto or never"
            )
        if self.retrieval.mode == "hybrid" and self.models.embeddings is None:
            raise ValueError("retrieval.mode is hybrid, which needs `models.embeddings`; name a model, or write bm25")
        return self

    @property
    def chunks_embedded_by(self) -> str | None:
        """The embedding model that has its say in what is retrieved; None where words alone tell."""
        return self.models.embeddings if self.retrieval.mode == "hybrid" else None

    def arm(self, slug: str) -> Arm:
        """The arm with this slug. Raises KeyError when there is none."""
        for arm in self.arms:
            if arm.slug == slug:
                return arm
        raise KeyError(slug)


def known_metrics(names: Sequence[str]) -> list[str]:
    """The names, each once. Raises ValueError for one that no metric has."""
    for name in names:
        if name not in METRICS:
            raise ValueError(f"unknown metric {name!r}; known are {', '.join(METRICS)}")
    return list(dict.fromkeys(names))
