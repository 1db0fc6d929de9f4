"""Items as DynamoDB's typed attributes, and back. Numbers travel as decimal strings: no float is ever rounded."""

from __future__ import annotations

import math
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from boto3.dynamodb.types import TypeDeserializer, TypeSerializer

from shared.store.ports import Item

EXACT = 10**38
"""DynamoDB's numbers have 38 digits."""

_serializer = TypeSerializer()
_deserializer = TypeDeserializer()


def encoded(value: Any) -> Any:
    """``{"N": "1.5"}`` and its like for one JSON-like value."""
    kind = type(value)
    if kind is str:
        return {"S": value}
    if kind is int and -EXACT < value < EXACT:
        return {"N": str(value)}
    return _serializer.serialize(_with_decimals(value))


def decoded(attribute: Mapping[str, Any]) -> Any:
    """The value that ``encoded`` was given: numbers as int where they are whole, else as float."""
    text = attribute.get("S")
    return text if text is not None else _with_numbers(_deserializer.deserialize(attribute))


def encoded_item(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: encoded(value) for name, value in item.items()}


def decoded_item(attributes: Mapping[str, Any]) -> Item:
    return {name: decoded(value) for name, value in attributes.items()}


def _with_decimals(value: Any) -> Any:
    # repr gives the shortest text that reads back as the same float: at most 17 digits of DynamoDB's 38
    if isinstance(value, float):
        if not math.isfinite(value):
            raise TypeError(f"{value} is no number for DynamoDB")  # boto3 lets -inf pass
        return Decimal(repr(value))
    if isinstance(value, Mapping):
        return {key: _with_decimals(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [_with_decimals(inner) for inner in value]
    return value


def _with_numbers(value: Any) -> Any:
    if isinstance(value, Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    if isinstance(value, dict):
        return {key: _with_numbers(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_with_numbers(inner) for inner in value]
    return value
