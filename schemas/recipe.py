"""Settings that are part of an artifact's identity: how documents are cut, how samples are written."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.base import Model, StrictModel, content_hash

PARSER_VERSION = "2"
"""Raised whenever the same bytes would give other chunks; part of every chunk's identity."""


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


class StyleExample(Model):
    """A ground-truth pair that shows the teacher the house style."""

    question: str
    answer: str


class Recipe(Model):
    """How the teacher writes samples for one document. Its hash is part of every sample's identity."""

    teacher: str = Field(description="model id")
    prompt: str = Field(description="the teacher's system prompt, whole")
    per_document: int = Field(description="samples asked for per document and round")
    style: list[StyleExample] = []
    language: Literal["auto", "en", "ko"] = Field(default="auto", description="auto: each document's own")
    max_answer_words: int = Field(default=120, description="a longer answer is rejected")

    def fingerprint(self) -> str:
        """16 hex digits that name the recipe."""
        return content_hash(self.model_dump())[:16]
