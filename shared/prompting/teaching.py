"""How the teacher is asked for samples: prompt and house style first, which never change; then documents and task."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from schemas.artifacts import RetrievedDocument
from schemas.base import Model, canonical_json
from schemas.recipe import AnswerLength, Difficulty, QuestionType, StyleExample
from shared.prompting.layout import render_documents


class AskedSlot(Model):
    """One question wanted. ``about``: numbers, from 1, of the documents that it shall rest on."""

    slot: int
    type: QuestionType
    persona: str
    difficulty: Difficulty
    about: list[int]


class TeacherTask(Model):
    """What the teacher is asked for. ``avoid`` lists questions that exist already."""

    language: str
    answer_words: AnswerLength
    avoid: list[str] = []
    slots: list[AskedSlot]


def render_system(prompt: str, style: Sequence[StyleExample]) -> str:
    """The teacher's system prompt: the same in all calls of a recipe and language, so that it can be cached."""
    if not style:
        return prompt
    lines = "\n".join(_json(example.model_dump()) for example in style)
    return f"{prompt}\n\n<examples>\n{lines}\n</examples>"


def render_task(documents: Sequence[RetrievedDocument], task: TeacherTask) -> str:
    """The user turn for the teacher."""
    return f"{render_documents(documents)}\n\n<task>{_json(task.model_dump())}</task>"


def render_repair(user: str, reply: str, problem: str) -> str:
    """The same turn once more, with the reply that could not be read and what is wrong with it."""
    return f"{user}\n\n<reply>{escape(reply)}</reply>\n\n<problem>{escape(problem)}</problem>"


def _json(value: Any) -> str:
    """JSON in which nothing can close the block that it stands in."""
    return canonical_json(value).replace("<", "\\u003c")
