"""Guardrails within Converse: what is asked, then what is answered. A blocked question reaches no model."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from localcloud.bedrock import arns
from localcloud.bedrock.backend import Backend
from localcloud.bedrock.operations import guardrails
from localcloud.bedrock.operations.guarding import Assessment, Texts, assess, sorted_texts
from localcloud.bedrock.resources import Guardrail

INTERVENED = "guardrail_intervened"


class TurnGuard:
    """The guardrail that a request names, and what it has found in its turn so far."""

    def __init__(self, guardrail: Guardrail, request: dict[str, Any]) -> None:
        self._guardrail = guardrail
        self._request = request
        self._asked: Assessment | None = None
        self._said: Assessment | None = None

    async def blocks_question(self, text: str) -> str | None:
        """What is said instead of asking the model; None where it may be asked."""
        self._asked = await assess(self._guardrail, Texts("", "", text))
        message: str = self._guardrail.request["blockedInputMessaging"]
        return message if self._asked.blocked else None

    async def blocks_answer(self, text: str) -> str | None:
        """What is said instead of the answer; None where it may be. Grounding is checked where ``guardContent`` blocks
        of the request say what is source and query."""
        blocks = [block for turn in self._request["messages"] for block in turn["content"] if "guardContent" in block]
        texts = replace(sorted_texts([block["guardContent"] for block in blocks]), answer=text)
        self._said = await assess(self._guardrail, texts)
        message: str = self._guardrail.request["blockedOutputsMessaging"]
        return message if self._said.blocked else None

    def trace(self) -> dict[str, Any]:
        """``trace`` of the answer; empty unless the request asks for it."""
        if self._request["guardrailConfig"].get("trace", "disabled") == "disabled":
            return {}
        id_ = arns.last_part(self._guardrail.arn)
        found: dict[str, Any] = {}
        if self._asked is not None:
            found["inputAssessment"] = {id_: self._asked.told()}
        if self._said is not None:
            found["outputAssessments"] = {id_: [self._said.told()]}
        return {"trace": {"guardrail": found}}


def guard_of(backend: Backend, request: dict[str, Any]) -> TurnGuard | None:
    """None where the request names no guardrail. Raises ResourceNotFoundException for one that is not there."""
    if "guardrailConfig" not in request:
        return None
    named = request["guardrailConfig"]
    version = named.get("guardrailVersion") or guardrails.DRAFT
    return TurnGuard(guardrails.find(backend, named.get("guardrailIdentifier", ""), version), request)
