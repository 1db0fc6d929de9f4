"""A verdict as the input of a tool: what the judge knows goes into the fields that take it, the rest is the least that
the tool's JSON Schema allows."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

Schema = Mapping[str, Any]
_LEAST: dict[str, Any] = {"string": "", "integer": 0, "number": 0, "boolean": False, "null": None}
_TYPES: dict[str, tuple[type, ...]] = {
    "string": (str,), "integer": (int,), "number": (int, float), "boolean": (bool,), "null": (type(None),),
    "array": (list,), "object": (dict,),
}  # fmt: skip


def tool_input(schema: Schema, known: Mapping[str, Any]) -> dict[str, Any]:
    """An object that fits ``schema``: of its required properties, and of the others that ``known`` has by name.

    Raises ValueError, naming the place, where the schema asks for what cannot be made up (a pattern, a format).
    """
    found = _value(schema, known, _Scope(schema.get("$defs", {}), "input"))
    if not isinstance(found, dict):
        raise ValueError("the input of a tool must be an object")
    return found


class _Scope:
    """Where in a schema we are, for errors, and what its references mean."""

    def __init__(self, definitions: Schema, path: str) -> None:
        self.definitions = definitions
        self.path = path

    def at(self, name: object) -> _Scope:
        return _Scope(self.definitions, f"{self.path}.{name}")


def _value(schema: Schema, known: Any, scope: _Scope) -> Any:
    schema = _resolved(schema, scope)
    kind = _kind(schema)
    if kind == "object":
        return _object(schema, known if isinstance(known, Mapping) else {}, scope)
    if kind == "array" and _fits(known, schema, kind):
        return [_value(schema.get("items", {}), each, scope.at(place)) for place, each in enumerate(known)]
    return known if _fits(known, schema, kind) else _least(schema, kind, scope)


def _resolved(schema: Schema, scope: _Scope) -> Schema:
    """The schema that a reference or the first alternative stands for."""
    for name in ("anyOf", "oneOf", "allOf"):
        if name in schema:
            return _resolved(schema[name][0], scope)
    if "$ref" not in schema:
        return schema
    name = str(schema["$ref"]).rsplit("/", 1)[-1]
    if name not in scope.definitions:
        raise ValueError(f"{scope.path}: {schema['$ref']} is none of the schema's $defs")
    return _resolved(scope.definitions[name], scope)


def _kind(schema: Schema) -> str:
    kind = schema.get("type", "object" if "properties" in schema else "string")
    return str(kind if isinstance(kind, str) else kind[0])


def _object(schema: Schema, known: Mapping[str, Any], scope: _Scope) -> dict[str, Any]:
    properties, required = schema.get("properties", {}), schema.get("required", [])
    wanted = [name for name in properties if name in required or name in known]
    return {name: _value(properties[name], known.get(name), scope.at(name)) for name in wanted}


def _fits(value: Any, schema: Schema, kind: str) -> bool:
    if not isinstance(value, _TYPES[kind]) or (isinstance(value, bool) and kind != "boolean"):
        return False
    if "const" in schema or "enum" in schema:
        return value in schema.get("enum", [schema.get("const")])
    if isinstance(value, str | list):
        length, limits = len(value), ("Length" if isinstance(value, str) else "Items")
        return bool(schema.get(f"min{limits}", 0) <= length <= schema.get(f"max{limits}", length))
    if isinstance(value, int | float) and not isinstance(value, bool):
        return bool(schema.get("minimum", value) <= value <= schema.get("maximum", value))
    return True


def _least(schema: Schema, kind: str, scope: _Scope) -> Any:
    """The default, the only or first value that is allowed, or the smallest one."""
    for name, chosen in (("default", None), ("const", None), ("enum", 0)):
        if name in schema:
            return schema[name] if chosen is None else schema[name][chosen]
    if unmade := [name for name in ("pattern", "format", "exclusiveMinimum", "multipleOf") if name in schema]:
        raise ValueError(f"{scope.path}: this judge makes up no value for {unmade[0]} {schema[unmade[0]]!r}")
    if kind == "array":
        items = range(schema.get("minItems", 0))
        return [_value(schema.get("items", {}), None, scope.at(place)) for place in items]
    if kind == "string":
        return "-" * schema.get("minLength", 0)
    if kind in ("integer", "number"):
        return min(max(schema.get("minimum", 0), 0), schema.get("maximum", math.inf))
    return _LEAST[kind]
