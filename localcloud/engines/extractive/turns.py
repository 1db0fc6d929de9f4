"""A user turn understood: which documents are shown, and what is asked."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.artifacts import RetrievedDocument
from shared.prompting.layout import parse_documents, parse_question


@dataclass(frozen=True)
class Turn:
    """A user turn understood."""

    documents: tuple[RetrievedDocument, ...]
    question: str


def read_turn(user: str) -> Turn:
    """Documents and question of the project's layout; any other text is one document whose last "?" line asks."""
    documents = parse_documents(user)
    question = parse_question(user)
    if documents or question:
        return Turn(tuple(documents), question)
    lines = [line.strip() for line in user.split("\n") if line.strip()]
    question = next((line for line in reversed(lines) if line.endswith("?")), lines[-1] if lines else "")
    rest = "\n".join(line for line in lines if line != question)
    return Turn((RetrievedDocument(chunk="1", url="", title="", text=rest),) if rest else (), question)
