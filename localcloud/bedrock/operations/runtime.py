"""bedrock-runtime: Converse, CountTokens, and InvokeModel for embeddings."""

from __future__ import annotations

import json
import time
from collections.abc import Sequence
from functools import partial
from typing import Any

from localcloud.bedrock.backend import Backend
from localcloud.bedrock.call import Answer, Call
from localcloud.bedrock.errors import (
    AccessDeniedException,
    AwsError,
    ModelErrorException,
    ModelTimeoutException,
    ServiceUnavailableException,
    ThrottlingException,
    ValidationException,
)
from localcloud.bedrock.operations import embeddings
from localcloud.bedrock.operations.conversation import Conversation, read
from localcloud.bedrock.operations.targets import Target, resolve
from localcloud.bedrock.operations.tools import content, forced_tool
from localcloud.engines.contract import Reply, Request, Tool
from localcloud.engines.failures import Denied, Throttled, TimedOut, Unavailable
from localcloud.engines.process import EngineDied, EngineError

_DEFAULT_MAX_TOKENS = 4096
_BY_KIND: dict[str, type[AwsError]] = {
    "ValueError": ValidationException,
    Throttled.__name__: ThrottlingException,
    Unavailable.__name__: ServiceUnavailableException,
    TimedOut.__name__: ModelTimeoutException,
    Denied.__name__: AccessDeniedException,
}


async def converse(backend: Backend, call: Call) -> Answer:
    started = time.monotonic()
    request = call.params
    target = resolve(backend, request["modelId"])
    for unsupported in ("guardrailConfig", "outputConfig"):
        if unsupported in request:
            raise ValidationException(
                f"This model doesn't support the {unsupported} field. Remove {unsupported} and try again."
            )
    inference, tool = request.get("inferenceConfig", {}), forced_tool(request)
    stop = inference.get("stopSequences", [])
    most = inference.get("maxTokens", _DEFAULT_MAX_TOKENS)
    reply = await _reply(backend, target, read(request), most, stop, tool)
    text, stop_reason = _cut(reply, stop)
    return {
        "output": {"message": {"role": "assistant", "content": content(reply, text, tool)}},
        "stopReason": stop_reason,
        "usage": _usage(request, reply),
        **({"serviceTier": request["serviceTier"]} if "serviceTier" in request else {}),
        "metrics": {"latencyMs": round(1000 * (time.monotonic() - started))},
    }


async def count_tokens(backend: Backend, call: Call) -> Answer:
    """As the engine counts the same request in Converse."""
    given = call.params["input"]
    if "converse" not in given:
        raise ValidationException("This model counts the tokens of a Converse request only.")
    target, asked = resolve(backend, call.params["modelId"]), given["converse"]
    reply = await _reply(backend, target, read(asked), max_tokens=1, tool=forced_tool(asked))
    return {"inputTokens": reply.input_tokens}


async def invoke_model(backend: Backend, call: Call) -> Answer:
    """Embeddings only, in Titan's or Cohere's body."""
    model_id = call.params["modelId"]
    target = resolve(backend, model_id, output="EMBEDDING")
    embed = partial(backend.engine.embed, model=target.model)
    found = backend.catalog.find(model_id)
    assert found is not None, "it has just been resolved"
    try:
        answer = await embeddings.invoke(found.id, call.params.get("body", b""), embed)
    except EngineError as error:
        raise _translated(error) from error
    return {"body": json.dumps(answer).encode(), "contentType": "application/json"}


async def _reply(
    backend: Backend, target: Target, conversation: Conversation, max_tokens: int, stop: Sequence[str] = (),
    tool: Tool | None = None,
) -> Reply:  # fmt: skip
    request = Request(
        model=target.model,
        weights=target.weights,
        system=conversation.system,
        user=conversation.user,
        max_tokens=max_tokens,
        earlier=conversation.earlier,
        stop=stop,
        tool=tool,
    )
    try:
        return await backend.engine.converse(request, weights_key=target.weights_key)
    except EngineError as error:
        raise _translated(error) from error


def _usage(request: dict[str, Any], reply: Reply) -> dict[str, int]:
    """Nothing is cached: who marks what to cache is told that nothing was read from there, or written."""
    blocks = [*request.get("system", []), *(block for turn in request["messages"] for block in turn["content"])]
    cached = {"cacheReadInputTokens": 0, "cacheWriteInputTokens": 0}
    return {
        "inputTokens": reply.input_tokens,
        "outputTokens": reply.output_tokens,
        "totalTokens": reply.input_tokens + reply.output_tokens,
    } | (cached if any("cachePoint" in block for block in blocks) else {})


def _translated(error: EngineError) -> AwsError:
    if isinstance(error, EngineDied):
        return ServiceUnavailableException(f"The service is temporarily unavailable, try again: {error}")
    if error.kind in _BY_KIND:
        return _BY_KIND[error.kind](str(error))
    return ModelErrorException(f"The engine failed: {error}")


def _cut(reply: Reply, stop_sequences: list[str]) -> tuple[str, str]:
    """The text up to the first stop sequence."""
    ends = [reply.text.find(sequence) for sequence in stop_sequences]
    found = [end for end in ends if end >= 0]
    return (reply.text[: min(found)], "stop_sequence") if found else (reply.text, reply.stop_reason)
