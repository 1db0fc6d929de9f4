"""How a model is asked to check a sample: its claims against documents, or its question without any."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape

from schemas.artifacts import RetrievedDocument
from schemas.base import canonical_json
from shared.prompting.layout import render_question


def render_groundedness(documents: Sequence[RetrievedDocument], question: str, answer: str, language: str) -> str:
    """The user turn that asks which claims of the answer the documents support."""
    task = canonical_json({"check": "groundedness", "language": language})
    asked = render_question(documents, question)
    return f"{asked}\n\n<answer>{escape(answer)}</answer>\n\n<task>{task}</task>"


def render_closed_book(question: str) -> str:
    """The user turn that asks the question alone."""
    task = canonical_json({"check": "closed_book"})
    return f"<question>{escape(question)}</question>\n\n<task>{task}</task>"
