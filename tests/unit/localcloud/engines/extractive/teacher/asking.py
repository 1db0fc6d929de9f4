"""How the tests ask the teacher: the task's JSON behind the documents."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from localcloud.engines.contract import Request
from localcloud.engines.extractive import TEACHER, ExtractiveEngine
from schemas.artifacts import RetrievedDocument
from shared.prompting.layout import render_documents


def slot(number: int, kind: str = "fact", about: Sequence[int] = (), **more: str) -> dict[str, Any]:
    return {"slot": number, "type": kind, "about": list(about), **more}


def reply(documents: Sequence[RetrievedDocument], slots: Sequence[dict[str, Any]], **task: Any) -> list[dict[str, Any]]:
    """The reply to a task, parsed."""
    system = task.pop("system", "Write pairs.")
    asked = {"language": "auto", "answer_words": {"least": 1, "most": 120}, "avoid": [], **task, "slots": list(slots)}
    user = f"{render_documents(documents)}\n\n<task>{json.dumps(asked, ensure_ascii=False)}</task>"
    text = ExtractiveEngine().converse(Request(TEACHER, None, system, user, 99_000)).text
    parsed: list[dict[str, Any]] = json.loads(text)
    return parsed


def everything(documents: Sequence[RetrievedDocument], slots: int = 80, **task: Any) -> list[dict[str, Any]]:
    """All pairs that the documents give."""
    found = reply(documents, [slot(number) for number in range(1, slots + 1)], **task)
    return [element for element in found if "none" not in element]
