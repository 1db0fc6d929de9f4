"""YAML that a person wrote, read so that every mistake can be reported with its line."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import yaml
from pydantic import BaseModel, ValidationError

from shared.nearest import nearest

Path = tuple[str | int, ...]
"""Keys and list positions from the root: ``("queues", 0, "worker")``."""

VARIANT = "\0"

Mistakes = list[tuple[Path, str]]
"""Where, and a sentence for a person."""


class BadYaml(ValueError):
    """Raised when a text is no YAML at all; the message names line and column."""


@dataclass
class MarkedYaml:
    """Plain data, the 1-based line of every path in it, and the keys that were written twice."""

    data: Any = None
    lines: dict[Path, int] = field(default_factory=dict)
    doubled: list[Path] = field(default_factory=list)

    def line(self, path: Path) -> int:
        """The line of a path, or of the nearest thing around it that was written."""
        while path and path not in self.lines:
            path = path[:-1]
        return self.lines.get(path, 1)


def read(text: str) -> MarkedYaml:
    """Reads one YAML document. Raises BadYaml when it is none."""
    loader = yaml.SafeLoader(text)
    try:
        node = loader.get_single_node()
        marked = MarkedYaml()
        if node is not None:
            _mark(node, (), marked)
            marked.data = loader.construct_document(node)
        return marked
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        where = f"line {mark.line + 1}, column {mark.column + 1}: " if mark else ""
        raise BadYaml(f"{where}{error.problem or error.context}") from None
    except yaml.YAMLError as error:
        raise BadYaml(str(error)) from None
    finally:
        loader.dispose()


def _mark(node: yaml.Node, path: Path, marked: MarkedYaml) -> None:
    marked.lines.setdefault(path, node.start_mark.line + 1)
    if isinstance(node, yaml.SequenceNode):
        for position, item in enumerate(node.value):
            _mark(item, (*path, position), marked)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            inner = (*path, str(key.value))
            if inner in marked.lines:
                marked.doubled.append(inner)
            marked.lines[inner] = key.start_mark.line + 1
            _mark(value, inner, marked)


def variant(name: str) -> str:
    """The tag of one of several ways to write a value; no key of a file, hence left out of the paths of mistakes."""
    return f"{name}{VARIANT}"


def problems(error: ValidationError, model: type[BaseModel]) -> Mistakes:
    """Every mistake that validating against ``model`` found: its path and a sentence for a person."""
    found = [(_written(mistake["loc"]), mistake) for mistake in error.errors(include_url=False)]
    return [(path, _sentence(path, mistake, model)) for path, mistake in found]


def _written(path: Path) -> Path:
    """The path as it stands in the file: pydantic marks that a key is wrong, not its value, with a part of its own."""
    return tuple(part for part in path if part != "[key]" and not (isinstance(part, str) and part.endswith(VARIANT)))


def dotted(path: Path) -> str:
    """``queues[0].worker``"""
    text = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path)
    return text.removeprefix(".") or "the file"


def _sentence(path: Path, found: Any, model: type[BaseModel]) -> str:
    if found["type"] == "extra_forbidden":
        keys = _keys(model, path[:-1])
        hint = nearest(str(path[-1]), keys)
        return f"unknown key {path[-1]!r} in {dotted(path[:-1])}{hint}; keys are {', '.join(keys)}"
    if found["type"] == "missing":
        return f"{dotted(path)} is missing"
    if found["type"] == "too_short":
        return f"{dotted(path)} is empty"
    if found["type"] in ("model_type", "dict_type"):
        return f"{dotted(path)} is {_short(found['input'])}: it must be a mapping"
    if found["loc"][-1:] == ("[key]",):
        return f"unknown key {path[-1]!r} in {dotted(path[:-1])}: it {str(found['msg']).removeprefix('Input ')}"
    message = str(found["msg"]).removeprefix("Value error, ").removeprefix("Input ")
    return f"{dotted(path)} is {_short(found['input'])}: it {message}"


def _keys(model: type[BaseModel], path: Path) -> list[str]:
    """The keys that a model takes at a path inside it."""
    for part in path:
        if isinstance(part, str) and part in model.model_fields:
            inner = _model_in(model.model_fields[part].annotation)
            if inner is not None:
                model = inner
    return [entry.alias or name for name, entry in model.model_fields.items()]


def _model_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    found = (_model_in(argument) for argument in getattr(annotation, "__args__", ()))
    return next((model for model in found if model is not None), None)


def _short(value: Any) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}..."
