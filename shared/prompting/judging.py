"""How two answers are laid out for the judge, and the tool by which it must answer."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from xml.sax.saxutils import escape

from schemas.artifacts import GroundTruth, RetrievedDocument
from schemas.base import canonical_json
from schemas.judging import CRITERIA
from shared.prompting.layout import render_question

TOOL = "report_comparison"
DESCRIPTION = "Reports the ratings of both answers and which of them is better."


def render_comparison(documents: Sequence[RetrievedDocument], pair: GroundTruth, a: str, b: str, language: str) -> str:
    """The user turn that asks which of two answers to a question is better, the reference links below the reference
    answer. All texts are data and escaped: none closes its block."""
    reference = "\n".join([pair.answer, *pair.references])
    task = canonical_json({"check": "comparison", "language": language})
    return "\n\n".join(
        [
            render_question(documents, pair.question),
            f"<reference>{escape(reference)}</reference>",
            f'<answer id="A">{escape(a)}</answer>',
            f'<answer id="B">{escape(b)}</answer>',
            f"<task>{task}</task>",
        ]
    )


def comparison_schema() -> dict[str, Any]:
    """JSON Schema of the tool's input; the reason comes first, so that the verdict follows from it."""
    rating = {"type": "integer", "minimum": 1, "maximum": 5}
    ratings = {
        "type": "object",
        "properties": {name: rating for name in CRITERIA},
        "required": list(CRITERIA),
    }
    return {
        "type": "object",
        "properties": {
            "reason": {"type": "string", "description": "what decides, in one or two sentences"},
            "a": ratings,
            "b": ratings,
            "verdict": {"type": "string", "enum": ["A", "B", "tie"]},
        },
        "required": ["reason", "a", "b", "verdict"],
    }
