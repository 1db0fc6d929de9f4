"""bedrock-runtime: ConverseStream, the answer of Converse in pieces."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from localcloud.bedrock.backend import Backend
from localcloud.bedrock.call import Answer, Call
from localcloud.bedrock.eventstream import Event
from localcloud.bedrock.operations import runtime

_PIECE = re.compile(r"\s*(?:\S+\s*){1,4}|\s+")
"""Four words."""


async def converse_stream(backend: Backend, call: Call) -> Answer:
    """All events of the stream: it begins when the answer is complete."""
    return {"stream": list(_events(await runtime.converse(backend, call)))}


def pieces(text: str) -> list[str]:
    """The text cut after every few words; put together they are the text."""
    return _PIECE.findall(text)


def _events(answer: Answer) -> Iterator[Event]:
    message = answer["output"]["message"]
    yield {"messageStart": {"role": message["role"]}}
    for index, block in enumerate(message["content"]):
        yield from _block(block, index)
        yield {"contentBlockStop": {"contentBlockIndex": index}}
    yield {"messageStop": {"stopReason": answer["stopReason"]}}
    last = ("usage", "metrics", "serviceTier")
    yield {"metadata": {name: answer[name] for name in last if name in answer}}


def _block(block: dict[str, Any], index: int) -> Iterator[Event]:
    """A text in pieces; a tool's name first and then its input, which is JSON in one piece."""
    if "toolUse" in block:
        called = block["toolUse"]
        start = {"toolUseId": called["toolUseId"], "name": called["name"]}
        yield {"contentBlockStart": {"contentBlockIndex": index, "start": {"toolUse": start}}}
        text = json.dumps(called["input"], ensure_ascii=False)
        yield {"contentBlockDelta": {"contentBlockIndex": index, "delta": {"toolUse": {"input": text}}}}
        return
    for piece in pieces(block["text"]):
        yield {"contentBlockDelta": {"contentBlockIndex": index, "delta": {"text": piece}}}
