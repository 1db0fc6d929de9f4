"""What the teacher is asked for, read from a user turn."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from statistics import median
from typing import Any, get_args

from localcloud.engines.extractive.teacher.pair import Type
from schemas.artifacts import RetrievedDocument
from shared.prompting.layout import parse_documents

_TASK = re.compile(r"<task>(.*?)</task>", re.DOTALL)
_EXAMPLES = re.compile(r"<examples>(.*?)</examples>", re.DOTALL)
_TYPES: dict[str, Type] = {name: name for name in get_args(Type)}
LEAST_WORDS, MOST_WORDS = 1, 120


@dataclass(frozen=True)
class Slot:
    """One question asked for; without ``about`` any document will do. An unknown type asks for a fact."""

    number: int
    type: Type
    persona: str
    difficulty: str
    about: tuple[int, ...]


@dataclass(frozen=True)
class Task:
    """``least``, ``usual`` and ``most`` are words of an answer; ``usual`` is None where nothing tells it."""

    documents: tuple[RetrievedDocument, ...]
    slots: tuple[Slot, ...]
    avoid: frozenset[str]
    language: str
    least: int
    usual: int | None
    most: int


def read_task(system: str, user: str) -> Task:
    """The task; what it leaves out has defaults. Blocks are looked for behind the documents, whose text is data."""
    behind = user.rsplit("</documents>", 1)[-1]
    found = _TASK.search(behind)
    asked = _object(found[1]) if found else {}
    given = asked.get("answer_words")
    words = given if isinstance(given, dict) else {}
    return Task(
        documents=tuple(parse_documents(user)),
        slots=tuple(_slot(number, value) for number, value in enumerate(_list(asked.get("slots")), 1)),
        avoid=frozenset(question_key(str(question)) for question in _list(asked.get("avoid"))),
        language=str(asked.get("language") or ""),
        least=_count(words.get("least")) or LEAST_WORDS,
        usual=_count(words.get("usual")) or _house_words(behind) or _house_words(system),
        most=_count(words.get("most")) or MOST_WORDS,
    )


def question_key(question: str) -> str:
    """Letters and digits alone: two questions with one key are the same question."""
    return re.sub(r"[\W_]+", "", question.casefold())


def _slot(place: int, value: Any) -> Slot:
    asked = value if isinstance(value, dict) else {}
    return Slot(
        number=_count(asked.get("slot")) or place,
        type=_TYPES.get(str(asked.get("type")), "fact"),
        persona=str(asked.get("persona") or ""),
        difficulty=str(asked.get("difficulty") or ""),
        about=tuple(dict.fromkeys(number for item in _list(asked.get("about")) if (number := _count(item)))),
    )


def _house_words(text: str) -> int | None:
    found = _EXAMPLES.search(text)
    answers = [_object(line).get("answer") for line in found[1].splitlines()] if found else []
    sizes = [len(answer.split()) for answer in answers if isinstance(answer, str) and answer.strip()]
    return round(median(sizes)) if sizes else None


def _object(text: str) -> dict[str, Any]:
    for attempt in (text, unescape(text)):
        try:
            value = json.loads(attempt)
        except ValueError:
            continue
        return value if isinstance(value, dict) else {}
    return {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _count(value: Any) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) and value > 0 else None
