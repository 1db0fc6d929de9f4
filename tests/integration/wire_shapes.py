"""JSON as it came over the wire, against the shape that AWS's service model has for it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

_TYPES: dict[str, tuple[type[Any], ...]] = {
    "string": (str,), "integer": (int,), "long": (int,), "float": (int, float), "double": (int, float),
    "boolean": (bool,), "blob": (str,), "structure": (dict,), "map": (dict,), "list": (list,),
}  # fmt: skip
_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def oddities(shape: Shape | None, value: Any) -> list[str]:
    """What AWS would not have sent: missing and unknown members, other types, enum values, times written otherwise."""
    return list(_odd(shape, value, "")) if shape else [] if value == {} else ["an answer where AWS has none"]


def _odd(shape: Shape, value: Any, path: str) -> Iterator[str]:
    if isinstance(shape, StructureShape) and shape.is_document_type:
        return
    if shape.type_name == "timestamp":
        iso = shape.serialization.get("timestampFormat") == "iso8601"
        if not (isinstance(value, str) and _ISO.fullmatch(value) if iso else isinstance(value, int | float)):
            yield f"{path} is {value!r}, not a time as AWS writes it here"
        return
    if not _fits(shape, value):
        yield f"{path} is {value!r}, not a {shape.type_name}"
    elif isinstance(shape, StructureShape):
        yield from _odd_members(shape, value, path)
    elif isinstance(shape, ListShape):
        for each in value:
            yield from _odd(shape.member, each, f"{path}[]")
    elif isinstance(shape, MapShape):
        for each in value.values():
            yield from _odd(shape.value, each, f"{path}{{}}")
    elif shape.metadata.get("enum") and value not in shape.metadata["enum"]:
        yield f"{path} is {value!r}, which is no value of its enum"


def _fits(shape: Shape, value: Any) -> bool:
    is_bool = shape.type_name == "boolean"
    return isinstance(value, _TYPES[shape.type_name]) and isinstance(value, bool) is is_bool


def _odd_members(shape: StructureShape, value: dict[str, Any], path: str) -> Iterator[str]:
    in_body = {name: each for name, each in shape.members.items() if "location" not in each.serialization}
    names = {each.serialization.get("name", name): each for name, each in in_body.items()}
    yield from (f"{path}.{name} is missing" for name in shape.required_members if name in in_body and name not in value)
    for name, item in value.items():
        if name in names:
            yield from _odd(names[name], item, f"{path}.{name}")
        else:
            yield f"{path}.{name} is unknown to AWS"
