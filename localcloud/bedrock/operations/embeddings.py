"""InvokeModel for embeddings, in the bodies of two families: Titan's and, behind an id of Cohere's, Cohere's."""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable
from typing import Any

from localcloud.bedrock.errors import ValidationException

Body = dict[str, Any]
Embed = Callable[[list[str]], Awaitable[list[list[float]]]]

_TITAN_DIMENSIONS = (512, 1024)
"""Of Titan v2, for models that have fewer. 256 would need a model that can be cut short."""
_COHERE_TEXTS = 96
_INPUT_TYPES = ("search_document", "search_query", "classification", "clustering")
_TRUNCATE = ("NONE", "START", "END")


async def invoke(model: str, body: bytes, embed: Embed) -> Body:
    """The answer to a body. ``model`` is the id as it is offered. Raises ValidationException as AWS words it."""
    request = _object(body)
    return await (_cohere if "cohere.embed" in model else _titan)(request, embed)


async def _titan(request: Body, embed: Embed) -> Body:
    """``{"inputText", "dimensions"?, "normalize"?}`` to ``{"embedding", "inputTextTokenCount"}``.

    The vector is of unit length either way; the count is of words. Where more dimensions are asked for than the model
    has, as of the one that it stands in for, the rest are zeros: no similarity changes by them.
    """
    _check_keys(request, required=("inputText",), optional=("dimensions", "normalize"))
    text = request["inputText"]
    if not isinstance(text, str) or not text:
        raise _malformed("#/inputText: expected minLength: 1, actual: 0" if text == "" else "#/inputText: not a string")
    if not isinstance(request.get("normalize", True), bool):
        raise _malformed("#/normalize: expected type: Boolean")
    [vector] = await embed([text])
    missing = _missing(request, len(vector))
    vector = [*vector, *([0.0] * missing)]
    return {"embedding": vector, "inputTextTokenCount": len(text.split())}


def _missing(request: Body, has: int) -> int:
    """How many dimensions are asked for beyond those that the model has."""
    wanted = request.get("dimensions", has)
    if wanted != has and (wanted not in _TITAN_DIMENSIONS or wanted < has):
        raise _malformed(f"#/dimensions: {wanted} is not a valid enum value; this model has {has}")
    return int(wanted) - has


async def _cohere(request: Body, embed: Embed) -> Body:
    """``{"texts", "input_type", "truncate"?}`` to ``{"embeddings", "id", "response_type", "texts"}``."""
    _check_keys(request, required=("texts", "input_type"), optional=("truncate",))
    texts = request["texts"]
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        raise _malformed("#/texts: expected type: JSONArray of strings")
    if not 1 <= len(texts) <= _COHERE_TEXTS:
        raise _malformed(f"#/texts: expected 1 to {_COHERE_TEXTS} items, found {len(texts)}")
    for name, allowed in (("input_type", _INPUT_TYPES), ("truncate", _TRUNCATE)):
        if name in request and request[name] not in allowed:
            raise _malformed(f"#/{name}: {request[name]} is not a valid enum value")
    vectors = await embed(texts)
    return {"embeddings": vectors, "id": str(uuid.uuid4()), "response_type": "embeddings_floats", "texts": texts}


def _object(body: bytes) -> Body:
    try:
        request = json.loads(body)
    except ValueError:
        raise _malformed() from None
    if not isinstance(request, dict):
        raise _malformed()
    return request


def _check_keys(request: Body, *, required: tuple[str, ...], optional: tuple[str, ...]) -> None:
    for name in required:
        if name not in request:
            raise _malformed(f"#: required key [{name}] not found")
    for name in request:
        if name not in required + optional:
            raise _malformed(f"#: extraneous key [{name}] is not permitted")


def _malformed(what: str = "") -> ValidationException:
    shown = f": {what}" if what else ""
    return ValidationException(f"Malformed input request{shown}, please reformat your input and try again.")
