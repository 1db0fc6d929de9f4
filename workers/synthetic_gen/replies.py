"""The teacher's reply, parsed strictly: one element for each slot that was asked for."""

from __future__ import annotations

import json
from collections.abc import Collection
from dataclasses import dataclass, field
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from schemas.recipe import QuestionType
from shared.prompting.fences import bare

_SHOWN_CHARS = 500


class Quote(BaseModel):
    """Words that the teacher says it copied from a document, numbered from 1."""

    model_config = ConfigDict(strict=True)

    document: int
    quote: str = Field(min_length=1)


class Draft(BaseModel):
    """One pair as the teacher wrote it; ``citations`` are document numbers from 1."""

    model_config = ConfigDict(strict=True, str_strip_whitespace=True)

    slot: int
    type: QuestionType
    question: str = Field(min_length=1)
    answer: str = Field(min_length=1)
    citations: list[int] = Field(min_length=1)
    evidence: list[Quote] = Field(min_length=1)


@dataclass(frozen=True)
class Malformed:
    """A part of the reply that is no draft, why, and the code that it is rejected with."""

    text: str
    problem: str
    code: str = "schema"


@dataclass
class Reply:
    """What a reply holds, in its order. ``nothing``: why slots hold no further question, by slot."""

    drafts: list[Draft] = field(default_factory=list)
    malformed: list[Malformed] = field(default_factory=list)
    nothing: dict[int, str] = field(default_factory=dict)

    @property
    def problem(self) -> str | None:
        """What is wrong with it, for the teacher to mend; None when nothing is."""
        return "; ".join(part.problem for part in self.malformed) or None


def parse_reply(text: str, slots: Collection[int]) -> Reply:
    """A reply to these slots. One that is no JSON array is one Malformed, and so is each slot left out of an array."""
    try:
        rows = json.loads(bare(text))
    except (json.JSONDecodeError, RecursionError) as error:
        return Reply(malformed=[Malformed(text[:_SHOWN_CHARS], f"reply is no JSON: {error}")])
    if not isinstance(rows, list):
        return Reply(malformed=[Malformed(text[:_SHOWN_CHARS], "reply is no JSON array")])
    return _sorted_out(rows, slots, "schema", "slot {} is missing")


def salvage(text: str, slots: Collection[int]) -> Reply:
    """The whole elements of a reply that was cut short; slots that it did not reach are ``truncated``."""
    decoder, rows, place = json.JSONDecoder(), list[Any](), text.find("{")
    while place >= 0:
        try:
            row, end = decoder.raw_decode(text, place)
        except (json.JSONDecodeError, RecursionError):
            break
        rows.append(row)
        place = text.find("{", end)
    return _sorted_out(rows, slots, "truncated", "the reply was cut short before slot {}")


def _sorted_out(rows: list[Any], slots: Collection[int], missing_code: str, missing: str) -> Reply:
    reply, left = Reply(), set(slots)
    for row in rows:
        found = _read(row, left)
        if isinstance(found, Malformed):
            reply.malformed.append(found)
            continue
        left.discard(found.slot)
        if isinstance(found, Draft):
            reply.drafts.append(found)
        else:
            reply.nothing[found.slot] = found.none
    reply.malformed += [Malformed("", missing.format(slot), missing_code) for slot in sorted(left)]
    return reply


class _Nothing(BaseModel):
    model_config = ConfigDict(strict=True)

    slot: int
    none: str


def _read(row: Any, left: Collection[int]) -> Draft | _Nothing | Malformed:
    shown = json.dumps(row, ensure_ascii=False)[:_SHOWN_CHARS]
    kind = _Nothing if isinstance(row, dict) and "none" in row else Draft
    try:
        found = kind.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"]) or "element"
        return Malformed(shown, f"{where}: {first['msg']}")
    if found.slot not in left:
        return Malformed(shown, f"slot {found.slot} was not asked for, or is there twice")
    return found
