"""Bodies of Bedrock's requests, and what its answers say. Pure."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

from shared.bedrock.models import Facts
from shared.bedrock.ports import Answer, Grounding, ToolSpec
from shared.bedrock.usage import WORST, Usage
from shared.text.tokens import estimate_tokens

CACHE_POINT = {"cachePoint": {"type": "default"}}
FRAME = 16
"""Tokens that a model's own layout puts around a text."""
TOOL_FRAME = 600
"""Tokens by which a model is told how tools are called: Claude is told most, in up to 530 (Anthropic's documentation,
"Tool use", pricing)."""
TEXT_UNIT = 1_000
"""Characters of a guardrail's text unit."""


def converse_request(
    model: str, system: str, user: str, max_tokens: int, tool: ToolSpec | None = None
) -> dict[str, Any]:
    """One turn at temperature 0. The hash of it names the answer in the cache."""
    request = {
        "modelId": model,
        "system": [{"text": system}],
        "messages": [{"role": "user", "content": [{"text": user}]}],
        "inferenceConfig": {"maxTokens": max_tokens, "temperature": 0.0},
    }
    return request if tool is None else {**request, "toolConfig": _forced(tool)}


def _forced(tool: ToolSpec) -> dict[str, Any]:
    """``toolConfig`` with one tool, which has to be called."""
    spec = {"name": tool.name, "description": tool.description, "inputSchema": {"json": dict(tool.schema)}}
    return {"tools": [{"toolSpec": spec}], "toolChoice": {"tool": {"name": tool.name}}}


def caches_prompt(system: str, facts: Facts) -> bool:
    """Whether a system prompt is long enough, by estimate, for Bedrock's prompt cache: below that it caches nothing."""
    least = facts.prompt_cache_min_tokens
    return least is not None and estimate_tokens(system) >= least


def with_cache_point(request: Mapping[str, Any]) -> dict[str, Any]:
    """The request with all of its system prompt cached. It changes no answer, hence is no part of the answer's name."""
    return {**request, "system": [*request["system"], CACHE_POINT]}


def worst_converse(system: str, user: str, max_tokens: int, *, cached: bool, tool: ToolSpec | None = None) -> Usage:
    """The most that a turn can use; a prompt that is written to the cache may cost more than one that is not. Tools
    come before the system prompt and are cached with it."""
    first, rest = (math.ceil(estimate_tokens(text) * WORST) + FRAME for text in (system, user))
    if tool is not None:
        first += math.ceil(estimate_tokens(json.dumps(_forced(tool), ensure_ascii=False)) * WORST) + TOOL_FRAME
    if cached:
        return Usage(input_tokens=rest, cache_write_tokens=first, output_tokens=max_tokens)
    return Usage(input_tokens=first + rest, output_tokens=max_tokens)


def answer_of(response: Mapping[str, Any]) -> Answer:
    blocks = response["output"]["message"]["content"]
    usage = response.get("usage", {})
    return Answer(
        text="".join(block.get("text", "") for block in blocks),
        tool_input=next((dict(block["toolUse"]["input"]) for block in blocks if "toolUse" in block), None),
        stop_reason=str(response.get("stopReason", "")),
        input_tokens=int(usage.get("inputTokens", 0)),
        output_tokens=int(usage.get("outputTokens", 0)),
        cache_read_tokens=int(usage.get("cacheReadInputTokens", 0)),
        cache_write_tokens=int(usage.get("cacheWriteInputTokens", 0)),
    )


def usage_of(answer: Answer) -> Usage:
    return Usage(answer.input_tokens, answer.output_tokens, answer.cache_read_tokens, answer.cache_write_tokens)


def guardrail_request(guardrail: str, version: str, source: str, query: str, answer: str) -> dict[str, Any]:
    """ApplyGuardrail for contextual grounding (Amazon Bedrock user guide, "Use contextual grounding check")."""
    said = (("grounding_source", source), ("query", query), ("guard_content", answer))
    return {
        "guardrailIdentifier": guardrail,
        "guardrailVersion": version,
        "source": "OUTPUT",
        "outputScope": "FULL",
        "content": [{"text": {"text": text, "qualifiers": [qualifier]}} for qualifier, text in said],
    }


def worst_guardrail(*texts: str) -> Usage:
    return Usage(text_units=sum(math.ceil(len(text) / TEXT_UNIT) for text in texts))


def grounding_of(response: Mapping[str, Any]) -> Grounding:
    """The lowest score of each kind, should the guardrail have assessed more than once."""
    scores: dict[str, list[float]] = {"GROUNDING": [], "RELEVANCE": []}
    for assessment in response.get("assessments", []):
        for found in assessment.get("contextualGroundingPolicy", {}).get("filters", []):
            scores.setdefault(str(found["type"]), []).append(float(found["score"]))
    blocked = response.get("action") == "GUARDRAIL_INTERVENED"
    return Grounding(min(scores["GROUNDING"], default=None), min(scores["RELEVANCE"], default=None), blocked)


def guardrail_usage(response: Mapping[str, Any]) -> Usage:
    return Usage(text_units=int(response.get("usage", {}).get("contextualGroundingPolicyUnits", 0)))
