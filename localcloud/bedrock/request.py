"""An HTTP request as the parameters of an operation: labels, query, headers and body put together as the model says."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Any
from urllib.parse import parse_qs

from botocore.model import ListShape, MapShape, OperationModel, Shape, StructureShape

from localcloud.bedrock.errors import ValidationException

Params = dict[str, Any]


def parse(
    operation: OperationModel, labels: dict[str, str], query: str, headers: dict[str, str], body: bytes
) -> Params:
    """The parameters. Raises ValidationException for a body that is no JSON or a value that cannot be converted."""
    shape = operation.input_shape
    if shape is None:
        return {}
    queried = parse_qs(query, keep_blank_values=True)
    params: Params = {}
    payload = shape.serialization.get("payload")
    document = {} if payload else _document(body)
    for name, member in shape.members.items():
        location, wire_name = member.serialization.get("location"), member.serialization.get("name", name)
        value: Any
        if location == "uri":
            value = labels.get(wire_name)
        elif location == "querystring":
            value = _queried(member, queried.get(wire_name))
        elif location == "header":
            value = headers.get(wire_name.lower())
        elif name == payload:
            value = body if member.type_name == "blob" else _document(body)
        else:
            value = document.get(wire_name)
        if value is not None:
            params[name] = _convert(member, value)
    return params


def _document(body: bytes) -> dict[str, Any]:
    if not body:
        return {}
    try:
        parsed = json.loads(body)
    except ValueError:
        raise ValidationException("The request body is not valid JSON") from None
    if not isinstance(parsed, dict):
        raise ValidationException("The request body must be a JSON object")
    return parsed


def _queried(shape: Shape, values: list[str] | None) -> Any:
    if values is None or shape.type_name == "list":
        return values
    return values[0]


def _convert(shape: Shape, value: Any) -> Any:
    """What JSON and HTTP spell differently from Python: numbers and booleans in a query, blobs in base64."""
    if shape.type_name in ("integer", "long") and isinstance(value, str):
        return int(value) if value.lstrip("-").isdigit() else value
    if shape.type_name == "boolean" and isinstance(value, str):
        return {"true": True, "false": False}.get(value, value)
    if shape.type_name == "blob" and isinstance(value, str):
        return _decoded(value)
    if isinstance(shape, ListShape) and isinstance(value, list):
        return [_convert(shape.member, item) for item in value]
    if isinstance(shape, MapShape) and isinstance(value, dict):
        return {key: _convert(shape.value, item) for key, item in value.items()}
    if isinstance(shape, StructureShape) and isinstance(value, dict) and not shape.is_document_type:
        # Unknown members are ignored, as AWS ignores them.
        members = shape.members.items()
        return {name: _convert(member, value[name]) for name, member in members if value.get(name) is not None}
    return value


def _decoded(value: str) -> bytes:
    try:
        return base64.b64decode(value, validate=True)
    except binascii.Error:
        raise ValidationException("A blob of the request is not valid base64") from None
