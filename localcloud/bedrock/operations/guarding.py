"""ApplyGuardrail: whether an answer is grounded in its source, relevant to its query, and free of forbidden words.

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
from localcloud.bedrock.operations.word_policy import found_words, words_of
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


@dataclass(frozen=True)
class Assessment:
    """What a guardrail found in one text: filters that scored it, words of its own, and the units of each policy."""

    filters: list[dict[str, Any]]
    words: list[dict[str, Any]]
    units: dict[str, int]

    @property
    def blocked(self) -> bool:
        return any(each["action"] == "BLOCKED" for each in [*self.filters, *self.words])

    def policies(self) -> dict[str, Any]:
        """The policies that have something to say."""
        scored = {"contextualGroundingPolicy": {"filters": self.filters}} if self.filters else {}
        listed = {"wordPolicy": {"customWords": self.words, "managedWordLists": []}} if self.words else {}
        return scored | listed

    def told(self) -> dict[str, Any]:
        """As a trace tells it, with its units."""
        return self.policies() | {"invocationMetrics": {"usage": self.usage()}}

    def usage(self) -> dict[str, int]:
        return dict.fromkeys(_USAGE, 0) | self.units


LIMITS = {"source": 100_000, "query": 1_000, "answer": 5_000}
"""Characters of each text."""


async def apply_guardrail(backend: Backend, call: Call) -> Answer:
    """Only an answer (source OUTPUT) that comes with source and query is scored, as on AWS."""
    params = call.params
    guardrail = guardrails.find(backend, params["guardrailIdentifier"], params["guardrailVersion"] or guardrails.DRAFT)
    texts, output = sorted_texts(params["content"]), params["source"] == "OUTPUT"
    found = await assess(guardrail, texts if output else Texts("", "", texts.answer))
    return _answer(guardrail, found, "blockedOutputsMessaging" if output else "blockedInputMessaging")


async def assess(guardrail: Guardrail, texts: Texts) -> Assessment:
    """Words are looked for in the answer alone; it is scored where source and query come with it."""
    words = words_of(guardrail.request)
    units = {"wordPolicyUnits": Texts("", "", texts.answer).units} if words else {}
    enabled = [each for each in guardrails.filters(guardrail) if each.get("enabled", True)]
    filters = []
    if texts.source and texts.query and texts.answer and enabled:
        _check_lengths(texts)
        filters = [await asyncio.to_thread(_assessed, each, texts) for each in enabled]
        units["contextualGroundingPolicyUnits"] = texts.units
    return Assessment(filters, found_words(words, texts.answer), units)


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


def _answer(guardrail: Guardrail, found: Assessment, message: str) -> Answer:
    return {
        "usage": found.usage(),
        "action": "GUARDRAIL_INTERVENED" if found.blocked else "NONE",
        "actionReason": "Guardrail blocked." if found.blocked else "No action.",
        "outputs": [{"text": guardrail.request[message]}] if found.blocked else [],
        "assessments": [found.policies()],
    }
