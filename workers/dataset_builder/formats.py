"""A training example as a row of Bedrock's JSON Lines, by model family. One small entry per format."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Any

from schemas.artifacts import TrainingExample
from shared.prompting.citations import with_sources
from shared.prompting.layout import render_question

Row = dict[str, Any]


def converse(system: str, user: str, assistant: str) -> Row:
    """``bedrock-conversation-2024``: Amazon Nova, Llama 3.2 and later, and the local models."""
    return {
        "schemaVersion": "bedrock-conversation-2024",
        "system": [{"text": system}],
        "messages": [
            {"role": "user", "content": [{"text": user}]},
            {"role": "assistant", "content": [{"text": assistant}]},
        ],
    }


def claude(system: str, user: str, assistant: str) -> Row:
    """Anthropic Claude 3."""
    messages = [{"role": "user", "content": user}, {"role": "assistant", "content": assistant}]
    return {"system": system, "messages": messages}


def completion(system: str, user: str, assistant: str) -> Row:
    """Meta Llama 3.1: prompt and completion."""
    return {"prompt": f"{system}\n\n{user}", "completion": assistant}


FORMATS: dict[str, Callable[[str, str, str], Row]] = {"converse": converse, "claude": claude, "completion": completion}


def write_rows(examples: Sequence[TrainingExample], *, format: str, system: str) -> bytes:
    """The training file: one row per example, in order, UTF-8."""
    make = FORMATS[format]
    lines = (
        make(system, render_question(e.documents, e.question), with_sources(e.answer, e.references)) for e in examples
    )
    return b"".join((json.dumps(line, ensure_ascii=False) + "\n").encode() for line in lines)
