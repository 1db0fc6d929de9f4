"""Requests that AWS refuses for their shape alone: a good one, and each of its members made bad in every way that
botocore's serializer can write down."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from botocore.model import ListShape, Shape, StructureShape

Params = dict[str, Any]
Violation = tuple[str, Params]
"""What is wrong, ``jobName: pattern``, and the parameters with it."""

_LONGEST = 5_000
"""Longer texts are not sent: paths and headers would not carry them."""


def violations(shape: StructureShape, good: Params) -> Iterator[Violation]:
    """Of every member at the top, there or not, and of those within what is there."""
    for name, member in shape.members.items():
        in_path = member.serialization.get("location") == "uri"
        if name in shape.required_members and name in good and not in_path:
            yield f"{name}: missing", {each: value for each, value in good.items() if each != name}
        elsewhere = member.serialization.get("location") is not None
        for what, bad in _bad(member, good.get(name), elsewhere=elsewhere):
            if not (in_path and bad == ""):
                yield f"{name}{what}", {**good, name: bad}


def _bad(shape: Shape, good: Any, *, elsewhere: bool) -> Iterator[tuple[str, Any]]:
    """``elsewhere``: in path, query or header, which carry text only."""
    if isinstance(shape, StructureShape):
        if good is not None and not shape.is_document_type:
            yield from ((f".{what}", bad) for what, bad in violations(shape, good))
    elif isinstance(shape, ListShape):
        yield from _bad_list(shape, good)
    elif shape.type_name == "string":
        yield from _bad_text(shape, elsewhere)
    elif shape.type_name in ("integer", "long", "float", "double"):
        yield from _bad_number(shape)


def _bad_list(shape: ListShape, good: Any) -> Iterator[tuple[str, Any]]:
    if good:
        yield from ((f"[0]{what}", [bad, *good[1:]]) for what, bad in _bad(shape.member, good[0], elsewhere=False))
        if shape.metadata.get("max"):
            yield ": too many", [good[0]] * (shape.metadata["max"] + 1)
    if shape.metadata.get("min"):
        yield ": too few", []


def _bad_text(shape: Shape, elsewhere: bool) -> Iterator[tuple[str, Any]]:
    if not elsewhere:
        yield ": type", 17
    if shape.metadata.get("enum"):
        yield ": enum", "NO_SUCH_VALUE"
    pattern = shape.metadata.get("pattern")
    if pattern and not re.fullmatch(pattern, "!?!"):
        yield ": pattern", "!?!"
    if shape.metadata.get("max", _LONGEST) < _LONGEST:
        yield ": too long", "a" * (shape.metadata["max"] + 1)
    if shape.metadata.get("min") and not elsewhere:
        yield ": too short", ""


def _bad_number(shape: Shape) -> Iterator[tuple[str, Any]]:
    if shape.type_name in ("integer", "long"):
        yield ": type", "text"
    if "min" in shape.metadata:
        yield ": too small", shape.metadata["min"] - 1
    if "max" in shape.metadata:
        yield ": too large", shape.metadata["max"] + 1
