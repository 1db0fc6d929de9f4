"""A Converse call as OpenAI's chat completion, and the completion as a reply."""

from __future__ import annotations

from typing import Any

from localcloud.engines.contract import Reply, Request
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
    return {
        "model": request.model,
        "messages": [{"role": role, "content": text} for role, text in turns],
        "max_tokens": request.max_tokens,
        "temperature": 0,
        "stream": False,
    } | stop


def read_reply(answer: dict[str, Any], request: Request, url: str) -> Reply:
    """The first choice. Tokens are estimated where the server counts none. Raises Failure for another body."""
    try:
        choice = answer["choices"][0]
        text = choice["message"].get("content") or ""
        usage = answer.get("usage") or {}
        used, made = usage.get("prompt_tokens"), usage.get("completion_tokens")
    except (LookupError, TypeError, AttributeError):
        raise Failure(f"{url} answered for {request.model} what is no chat completion: {str(answer)[:200]}") from None
    return Reply(
        text=text,
        stop_reason=_stop_reason(choice, request),
        input_tokens=_count(used, "\n".join([request.system, *(said for _, said in request.earlier), request.user])),
        output_tokens=_count(made, text),
    )


def _stop_reason(choice: dict[str, Any], request: Request) -> str:
    """vLLM says in ``stop_reason`` which stop sequence it met; others do not tell it from the end of a turn."""
    if choice.get("finish_reason") == "stop" and choice.get("stop_reason") in request.stop:
        return "stop_sequence"
    return _STOP_REASONS.get(choice.get("finish_reason") or "", "end_turn")


def _count(said: object, text: str) -> int:
    return said if isinstance(said, int) else estimate_tokens(text)
