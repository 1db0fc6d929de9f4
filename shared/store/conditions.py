"""Expressions for DynamoDB with every name and value escaped, so that reserved words may be attributes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.store.attributes import encoded


class Expressions:
    """Collects names and values while clauses are written; ``arguments`` go into the call beside the clauses."""

    def __init__(self) -> None:
        self._names: dict[str, str] = {}
        self._values: dict[str, Any] = {}

    def name(self, attribute: str) -> str:
        return self._names.setdefault(attribute, f"#n{len(self._names)}")

    def value(self, value: Any) -> str:
        placeholder = f":v{len(self._values)}"
        self._values[placeholder] = encoded(value)
        return placeholder

    def equals(self, attribute: str, value: Any) -> str:
        """A missing attribute counts as None."""
        name, placeholder = self.name(attribute), self.value(value)
        clause = f"{name} = {placeholder}"
        return f"(attribute_not_exists({name}) OR {clause})" if value is None else clause

    def holds(self, expected: Mapping[str, Any]) -> str:
        """The item exists and has all of these values."""
        clauses = [f"attribute_exists({self.name('pk')})"]
        return " AND ".join(clauses + [self.equals(attribute, value) for attribute, value in expected.items()])

    def assigns(self, values: Mapping[str, Any]) -> str:
        clauses = (f"{self.name(attribute)} = {self.value(value)}" for attribute, value in values.items())
        return "SET " + ", ".join(clauses)

    def adds(self, amounts: Mapping[str, int]) -> str:
        return "ADD " + ", ".join(f"{self.name(attribute)} {self.value(by)}" for attribute, by in amounts.items())

    def within(self, at_most: Mapping[str, int], at_least: Mapping[str, int]) -> str:
        """Each number lies within its bounds, one that is missing being 0; empty without bounds."""
        return " AND ".join(
            [self._bounded(attribute, "<=", bound) for attribute, bound in at_most.items()]
            + [self._bounded(attribute, ">=", bound) for attribute, bound in at_least.items()]
        )

    def _bounded(self, attribute: str, sign: str, bound: int) -> str:
        holds_for_zero = bound >= 0 if sign == "<=" else bound <= 0
        clause = f"{self.name(attribute)} {sign} {self.value(bound)}"
        return f"(attribute_not_exists({self.name(attribute)}) OR {clause})" if holds_for_zero else clause

    def arguments(self) -> dict[str, Any]:
        arguments: dict[str, Any] = {}
        if self._names:
            arguments["ExpressionAttributeNames"] = {alias: name for name, alias in self._names.items()}
        if self._values:
            arguments["ExpressionAttributeValues"] = self._values
        return arguments
