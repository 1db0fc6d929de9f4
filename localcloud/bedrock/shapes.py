"""Values checked against botocore's shapes: what botocore's validator checks, and what it lets pass.

Botocore checks types, required members and minima. AWS also checks enums, patterns and maxima; so does this.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Iterator
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape
from botocore.validate import ParamValidator

from localcloud.bedrock.errors import AwsError, ValidationException

_VALIDATOR = ParamValidator()


class BadAnswer(AwsError):
    """Raised when our own answer does not fit AWS's shape: a fault of the local Bedrock."""


def check_input(shape: StructureShape | None, params: dict[str, Any]) -> None:
    """Raises ValidationException that lists every mistake, worded as AWS words it."""
    problems = _problems(shape, params)
    if problems:
        count = len(problems)
        noun = "validation error" if count == 1 else "validation errors"
        raise ValidationException(f"{count} {noun} detected: {'; '.join(problems)}")


def check_output(shape: StructureShape | None, answer: dict[str, Any]) -> None:
    """Raises BadAnswer when an answer has a wrong, missing or unknown member."""
    problems = _problems(shape, answer) if shape else [f"unknown member {name}" for name in answer]
    if problems:
        raise BadAnswer(f"the local Bedrock made an answer that AWS would not give: {'; '.join(problems)}")


def _problems(shape: StructureShape | None, value: dict[str, Any]) -> list[str]:
    if shape is None:
        return []
    report = _VALIDATOR.validate(value, shape)
    if report.has_errors():
        return [line for line in report.generate_report().splitlines() if line]
    return list(_constraints(shape, value, ""))


def _constraints(shape: Shape, value: Any, path: str) -> Iterator[str]:
    kind = shape.type_name
    if isinstance(shape, StructureShape):
        if shape.is_document_type:
            return
        for name, item in value.items():
            if name in shape.members:
                yield from _constraints(shape.members[name], item, f"{path}.{name}" if path else name)
    elif isinstance(shape, ListShape):
        yield from _size(shape, len(value), path, "length")
        for index, item in enumerate(value):
            yield from _constraints(shape.member, item, f"{path}.{index + 1}.member")
    elif isinstance(shape, MapShape):
        yield from _size(shape, len(value), path, "length")
        for key, item in value.items():
            yield from _constraints(shape.key, key, f"{path}.key")
            yield from _constraints(shape.value, item, f"{path}.{key}")
    elif kind == "string":
        yield from _string(shape, value, path)
    elif kind == "blob":
        yield from _size(shape, len(value), path, "length")
    elif kind in ("integer", "long", "float", "double"):
        yield from _size(shape, value, path, "value")


def _string(shape: Shape, value: str, path: str) -> Iterator[str]:
    too_long = list(_size(shape, len(value), path, "length"))
    yield from too_long
    allowed = shape.metadata.get("enum")
    if allowed and value not in allowed:
        yield _failed(path, value, f"Member must satisfy enum value set: [{', '.join(allowed)}]")
    pattern = shape.metadata.get("pattern")
    if pattern and not too_long and not _compiled(pattern).fullmatch(value):
        yield _failed(path, value, f"Member must satisfy regular expression pattern: {pattern}")


def _size(shape: Shape, size: float, path: str, what: str) -> Iterator[str]:
    low, high = shape.metadata.get("min"), shape.metadata.get("max")
    if low is not None and size < low:
        yield _failed(path, None, f"Member must have {what} greater than or equal to {low}")
    if high is not None and size > high:
        yield _failed(path, None, f"Member must have {what} less than or equal to {high}")


def _failed(path: str, value: str | None, why: str) -> str:
    shown = f"Value '{value}' at '{path}'" if value is not None else f"Value at '{path}'"
    return f"{shown} failed to satisfy constraint: {why}"


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    # `(-*[a-z\-])*` matches what `[a-z\-]*` does, but tries every way to split a row of dashes: minutes for forty.
    pattern = re.sub(r"\(-\*(\[[^\]]*\\-[^\]]*\])\)", r"\1", pattern)
    # Java's classes for letters and marks, which only policy names use.
    return re.compile(pattern.replace(r"\p{L}", r"\w").replace(r"\p{M}", ""))
