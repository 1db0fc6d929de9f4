"""A faults file read: every mistake with its line."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from fnmatch import fnmatchcase
from typing import Any

import yaml
from pydantic import ValidationError

from localcloud.bedrock.faults.rules import FaultFile, Rule

_MODEL_CALLS = frozenset(["Converse", "ConverseStream", "InvokeModel"])
ANSWER_WITH = {
    "ModelErrorException": _MODEL_CALLS,
    "ModelTimeoutException": _MODEL_CALLS,
    "ServiceUnavailableException": _MODEL_CALLS | {"CountTokens", "ApplyGuardrail"},
}
"""The operations that may answer with an error. Others than these errors: all."""

_PLAINER = {"extra_forbidden": "there is no such key", "missing": "is missing"}

Path = tuple[str | int, ...]


class BadFaults(ValueError):
    """Raised for a text that is no faults file; the message has every mistake with its line."""


def read(text: str, operations: Collection[str]) -> FaultFile:
    """``operations``: those that are served. Raises BadFaults."""
    try:
        node = yaml.compose(text, yaml.SafeLoader)
        found = FaultFile.model_validate(yaml.safe_load(text) or {})
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise BadFaults(f"line {mark.line + 1 if mark else 1}: {error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise BadFaults(str(error)) from None
    except ValidationError as error:
        mistakes = [(each["loc"], _PLAINER.get(each["type"], each["msg"])) for each in error.errors()]
        raise BadFaults(_said(mistakes, node)) from None
    mistakes = [
        (("faults", at, *inner), why)
        for at, rule in enumerate(found.faults)
        for inner, why in _never(rule, operations)
    ]  # fmt: skip
    if mistakes:
        raise BadFaults(_said(mistakes, node))
    return found


def _never(rule: Rule, operations: Collection[str]) -> Iterator[tuple[Path, str]]:
    """What of a rule can never happen."""
    fitting = {operation for operation in operations if fnmatchcase(operation, rule.operation)}
    if not fitting:
        yield ("operation",), f"{rule.operation!r} is no operation that is served; Converse* would be"
    elif rule.failure and not fitting & ANSWER_WITH.get(rule.failure.error, fitting):
        yield ("failure",), f"{', '.join(sorted(fitting))} cannot answer with {rule.failure.error}"


def _said(mistakes: list[tuple[Path, str]], root: yaml.Node | None) -> str:
    return "; ".join(f"line {_line(root, path)}: {_written(path)}{why}" for path, why in mistakes)


def _written(path: Path) -> str:
    """``faults 2, throttle.share:``, rules counted from 1."""
    if not path:
        return ""
    keys = [str(part) for part in path]
    if len(path) > 1 and isinstance(path[1], int):
        keys = [f"{path[0]} {path[1] + 1}", ".".join(keys[2:])]
        return ", ".join(key for key in keys if key) + ": "
    return ".".join(keys) + ": "


def _line(node: Any, path: Path) -> int:
    """The line of a path, or of the last thing on the way to it that was written."""
    line = 1
    for part in path:
        if isinstance(node, yaml.SequenceNode) and isinstance(part, int) and part < len(node.value):
            node = node.value[part]
            line = node.start_mark.line + 1
        elif isinstance(node, yaml.MappingNode):
            pair = next(((key, value) for key, value in node.value if key.value == part), None)
            if pair is None:
                break
            line, node = pair[0].start_mark.line + 1, pair[1]
        else:
            break
    return line
