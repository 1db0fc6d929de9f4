"""Which check a user turn asks the judge for."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from html import unescape
from typing import Any

from localcloud.engines.extractive.judging.calling import tool_input
from localcloud.engines.extractive.judging.comparing import compare
from localcloud.engines.extractive.judging.grounding import check_groundedness
from shared.prompting.layout import parse_documents, parse_question

UNKNOWN = "UNKNOWN"
"""All that an extractive model knows of the world outside the documents that it is shown."""
_TASK = re.compile(r"<task>(.*?)</task>", re.DOTALL)
_ANSWER = re.compile(r"<answer>(.*?)</answer>", re.DOTALL)


def judge(user: str) -> str:
    """The reply to one turn; without a task that it knows, the comparison of two answers. Never raises."""
    behind = user.rsplit("</documents>", 1)[-1]
    return _CHECKS.get(_check(behind), compare)(user)


def call(user: str, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The same verdict as the input of a tool. Raises ValueError for a schema that cannot be filled."""
    try:
        known = json.loads(judge(user))
    except ValueError:  # UNKNOWN is said in words
        known = {}
    return tool_input(schema, known)


def _grounded(user: str) -> str:
    behind = user.rsplit("</documents>", 1)[-1]
    found = _ANSWER.search(behind)
    answer = unescape(found[1]) if found else ""
    claims = check_groundedness(parse_documents(user), parse_question(behind), answer)
    return json.dumps({"claims": [claim.as_json() for claim in claims]}, ensure_ascii=False)


def _closed_book(user: str) -> str:
    return UNKNOWN


_CHECKS: dict[str, Callable[[str], str]] = {"groundedness": _grounded, "closed_book": _closed_book}


def _check(behind: str) -> str:
    found = _TASK.search(behind)
    for text in (found[1], unescape(found[1])) if found else ():
        try:
            value = json.loads(text)
        except ValueError:
            continue
        return str(value.get("check", "")) if isinstance(value, dict) else ""
    return ""
