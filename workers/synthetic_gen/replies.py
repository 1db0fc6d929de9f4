"""The teacher's reply, parsed strictly."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, Field, ValidationError

_FENCE = re.compile(r"^```(?:json)?\s*\n(.*?)\n?```$", re.DOTALL)


class Draft(BaseModel):
    """One pair as the teacher wrote it; ``citations`` are document numbers from 1."""

    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    citations: list[int] = Field(min_length=1)
    evidence: str = Field(min_length=1)


@dataclass(frozen=True)
class Malformed:
    """A part of the reply that is no draft, and why."""

    text: str
    problem: str


def parse_reply(reply: str) -> list[Draft | Malformed]:
    """The drafts of a reply, in order. A reply that is no JSON array is one Malformed."""
    text = reply.strip()
    fenced = _FENCE.match(text)
    try:
        rows = json.loads(fenced[1] if fenced else text)
    except json.JSONDecodeError as error:
        return [Malformed(text[:500], f"reply is no JSON: {error}")]
    if not isinstance(rows, list):
        return [Malformed(text[:500], "reply is no JSON array")]
    return [_draft(row) for row in rows]


def _draft(row: Any) -> Draft | Malformed:
    try:
        return Draft.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "element"
        return Malformed(json.dumps(row, ensure_ascii=False)[:500], f"{where}: {first['msg']}")
