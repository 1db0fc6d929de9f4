"""ApplyGuardrail: whether an answer is grounded in its source and relevant to its query.

Needs, limits and units: Amazon Bedrock user guide, "Use contextual grounding check to filter hallucinations in
responses"; a text unit has up to 1,000 characters.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from localcloud.bedrock.backend import Backend
from localcloud.bedrock.call import Answer, Call
from localcloud.bedrock.errors import ValidationException
from localcloud.bedrock.operations import guardrails
from localcloud.bedrock.resources import Guardrail

_UNIT = 1000
_USAGE = (
    "topicPolicyUnits", "contentPolicyUnits", "wordPolicyUnits", "sensitiveInformationPolicyUnits",
    "sensitiveInformationPolicyFreeUnits", "contextualGroundingPolicyUnits",
)  # fmt: skip


@dataclass(frozen=True)
class Texts:
    """What is checked, ``answer``, and what it is checked against."""

    source: str
    query: str
    answer: str

    @property
    def units(self) -> int:
        return -(-(len(self.source) + len(self.query) + len(self.answer)) // _UNIT)


LIMITS = {"source": 100_000, "query": 1_000, "answer": 5_000}
"""Characters of each text."""


async def apply_guardrail(backend: Backend, call: Call) -> Answer:
    """Only an answer (source OUTPUT) that comes with source and query is scored, as on AWS."""
    params = call.params
    guardrail = guardrails.find(backend, params["guardrailIdentifier"], params["guardrailVersion"] or guardrails.DRAFT)
    texts = sorted_texts(params["content"])
    enabled = [each for each in guardrails.filters(guardrail) if each.get("enabled", True)]
    if params["source"] != "OUTPUT" or not (texts.source and texts.query and texts.answer and enabled):
        return _answer(guardrail, [], 0)
    _check_lengths(texts)
    assessed = [await asyncio.to_thread(_assessed, each, texts) for each in enabled]
    return _answer(guardrail, assessed, texts.units)


def sorted_texts(content: list[dict[str, Any]]) -> Texts:
    """Blocks put together by their qualifiers; one without any is content to guard. Raises ValidationException."""
    parts: dict[str, list[str]] = {"grounding_source": [], "query": [], "guard_content": []}
    for block in content:
        if "text" not in block:
            raise ValidationException(f"The local Bedrock guards text only, not {next(iter(block), 'nothing')}")
        for qualifier in block["text"].get("qualifiers") or ["guard_content"]:
            parts[qualifier].append(block["text"]["text"])
    return Texts(*("\n".join(parts[name]) for name in ("grounding_source", "query", "guard_content")))


def _check_lengths(texts: Texts) -> None:
    for name, limit in LIMITS.items():
        length = len(getattr(texts, name))
        if length > limit:
            raise ValidationException(f"The {name} has {length} characters; contextual grounding takes at most {limit}")


def _assessed(wanted: dict[str, Any], texts: Texts) -> dict[str, Any]:
    score = round(_scorer(wanted["type"])(texts), 2)
    detected = score < wanted["threshold"]
    blocked = detected and wanted.get("action", "BLOCK") == "BLOCK"
    return {
        "type": wanted["type"],
        "threshold": wanted["threshold"],
        "score": score,
        "action": "BLOCKED" if blocked else "NONE",
        "detected": detected,
    }


def _scorer(kind: str) -> Callable[[Texts], float]:
    # numpy comes along and takes half a second, which who guards nothing need not wait for
    from localcloud.engines.extractive.grounding import grounding, relevance

    scorers: dict[str, Callable[[Texts], float]] = {
        "GROUNDING": lambda texts: grounding(texts.answer, texts.source),
        "RELEVANCE": lambda texts: relevance(texts.answer, texts.query),
    }
    return scorers[kind]


def _answer(guardrail: Guardrail, assessed: list[dict[str, Any]], units: int) -> Answer:
    blocked = any(each["action"] == "BLOCKED" for each in assessed)
    return {
        "usage": dict.fromkeys(_USAGE, 0) | {"contextualGroundingPolicyUnits": units},
        "action": "GUARDRAIL_INTERVENED" if blocked else "NONE",
        "actionReason": "Guardrail blocked." if blocked else "No action.",
        "outputs": [{"text": guardrail.request["blockedOutputsMessaging"]}] if blocked else [],
        "assessments": [{"contextualGroundingPolicy": {"filters": assessed}} if assessed else {}],
    }
