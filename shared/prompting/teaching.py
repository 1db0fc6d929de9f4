"""How the teacher is asked for samples: documents, examples of the house style, and the task as JSON."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.artifacts import RetrievedDocument
from schemas.base import Model, canonical_json
from schemas.recipe import StyleExample
from shared.prompting.layout import render_documents


class TeacherTask(Model):
    """What the teacher is asked for. ``avoid`` lists questions that exist already."""

    samples: int
    language: str
    max_answer_words: int
    avoid: list[str] = []


def render_task(documents: Sequence[RetrievedDocument], style: Sequence[StyleExample], task: TeacherTask) -> str:
    """The user turn for the teacher."""
    parts = [render_documents(documents)]
    if style:
        lines = "\n".join(canonical_json(example.model_dump()) for example in style)
        parts.append(f"<examples>\n{lines}\n</examples>")
    parts.append(f"<task>{canonical_json(task.model_dump())}</task>")
    return "\n\n".join(parts)
