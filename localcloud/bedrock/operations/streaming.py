"""bedrock-runtime: ConverseStream, the answer of Converse in pieces."""

from __future__ import annotations

import re
from collections.abc import Iterator

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
        for piece in pieces(block["text"]):
            yield {"contentBlockDelta": {"contentBlockIndex": index, "delta": {"text": piece}}}
        yield {"contentBlockStop": {"contentBlockIndex": index}}
    yield {"messageStop": {"stopReason": answer["stopReason"]}}
    last = ("usage", "metrics", "serviceTier")
    yield {"metadata": {name: answer[name] for name in last if name in answer}}
