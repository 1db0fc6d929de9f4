"""A Converse call as OpenAI's chat completion, and the completion as a reply."""

from __future__ import annotations

import json
from typing import Any

from localcloud.engines.contract import Reply, Request, Tool
from localcloud.engines.failures import Failure
from shared.text.tokens import estimate_tokens

MAX_STOPS = 4
"""OpenAI's limit; the local Bedrock cuts at the others itself."""
_STOP_REASONS = {"length": "max_tokens", "content_filter": "content_filtered"}


def chat_body(request: Request) -> dict[str, Any]:
    """Temperature 0: the same call gives the same answer, as far as the server can."""
    turns = [("system", request.system)] if request.system else []
    turns += [*((role, text) for role, text in request.earlier), ("user", request.user)]
    stop = {"stop": list(request.stop[:MAX_STOPS])} if request.stop else {}
    return (
        {
            "model": request.model,
            "messages": [{"role": role, "content": text} for role, text in turns],
            "max_tokens": request.max_tokens,
            "temperature": 0,
            "stream": False,
        }
        | stop
        | (_forced(request.tool) if request.tool else {})
    )


def _forced(tool: Tool) -> dict[str, Any]:
    function = {"name": tool.name, "description": tool.description, "parameters": tool.schema}
    named = {"type": "function", "function": {"name": tool.name}}
    return {"tools": [{"type": "function", "function": function}], "tool_choice": named}


def read_reply(answer: dict[str, Any], request: Request, url: str) -> Reply:
    """The first choice. Tokens are estimated where the server counts none. Raises Failure for another body."""
    try:
        choice = answer["choices"][0]
        text = choice["message"].get("content") or ""
        calls = choice["message"].get("tool_calls") or []
        arguments = calls[0]["function"]["arguments"] if calls and request.tool else None
        usage = answer.get("usage") or {}
        used, made = usage.get("prompt_tokens"), usage.get("completion_tokens")
    except (LookupError, TypeError, AttributeError):
        raise Failure(f"{url} answered for {request.model} what is no chat completion: {str(answer)[:200]}") from None
    called = None if arguments is None else _parsed(arguments, request, choice, url)
    return Reply(
        text=text,
        stop_reason="tool_use" if called is not None else _stop_reason(choice, request),
        tool_input=called,
        input_tokens=_count(used, "\n".join([request.system, *(said for _, said in request.earlier), request.user])),
        output_tokens=_count(made, text + (arguments or "")),
    )


def _parsed(arguments: str, request: Request, choice: dict[str, Any], url: str) -> dict[str, Any] | None:
    """The input of a tool; None where the answer was cut short within it."""
    try:
        found = json.loads(arguments)
    except ValueError:
        found = None
    if isinstance(found, dict):
        return found
    if choice.get("finish_reason") == "length":
        return None
    raise Failure(f"{url} answered for {request.model} with no JSON object for the tool: {arguments[:200]}")


def _stop_reason(choice: dict[str, Any], request: Request) -> str:
    """vLLM says in ``stop_reason`` which stop sequence it met; others do not tell it from the end of a turn."""
    if choice.get("finish_reason") == "stop" and choice.get("stop_reason") in request.stop:
        return "stop_sequence"
    return _STOP_REASONS.get(choice.get("finish_reason") or "", "end_turn")


def _count(said: object, text: str) -> int:
    return said if isinstance(said, int) else estimate_tokens(text)
