"""What the teacher is asked for, read from a user turn."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from html import unescape
from statistics import median
from typing import Any

from schemas.artifacts import RetrievedDocument
from shared.prompting.layout import parse_documents

_TASK = re.compile(r"<task>(.*?)</task>", re.DOTALL)
_EXAMPLES = re.compile(r"<examples>(.*?)</examples>", re.DOTALL)
DEFAULT_SAMPLES = 5
DEFAULT_WORDS = 120


@dataclass(frozen=True)
class Task:
    """``house_words`` is the median length of the examples' answers, None without examples."""

    documents: tuple[RetrievedDocument, ...]
    samples: int
    max_answer_words: int
    avoid: frozenset[str]
    house_words: int | None


def read_task(user: str) -> Task:
    """The task; what it leaves out has defaults. The blocks are looked for behind the documents, whose text is data."""
    behind = user.rsplit("</documents>", 1)[-1]
    found = _TASK.search(behind)
    asked = _object(found[1]) if found else {}
    return Task(
        documents=tuple(parse_documents(user)),
        samples=_count(asked.get("samples"), DEFAULT_SAMPLES),
        max_answer_words=_count(asked.get("max_answer_words"), DEFAULT_WORDS),
        avoid=frozenset(question_key(str(question)) for question in asked.get("avoid") or []),
        house_words=_house_words(behind),
    )


def question_key(question: str) -> str:
    """Letters and digits alone: two questions with one key are the same question."""
    return re.sub(r"[\W_]+", "", question.casefold())


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


def _count(value: Any, default: int) -> int:
    return value if isinstance(value, int) and not isinstance(value, bool) and value >= 0 else default
