"""What the checks of every format share: they walk through one row, and note texts and what is wrong."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from shared.bedrock.families import Family
from shared.datasets.problem import Level
from shared.nearest import nearest

KINDS = {str: "a text", list: "a list", dict: "an object", bool: "true or false", int: "a number", float: "a number"}


class RowCheck:
    """One row under check. ``texts`` collects (where, text), ``found`` collects (level, code, where, message)."""

    def __init__(self, family: Family) -> None:
        self.family = family
        self.texts: list[tuple[str, str]] = []
        self.found: list[tuple[Level, str, str, str]] = []

    def wrong(self, code: str, where: str, message: str, level: Level = "error") -> None:
        self.found.append((level, code, where, message))

    def keys(self, where: str, item: dict[str, Any], required: Sequence[str], optional: Sequence[str] = ()) -> None:
        """Notes missing keys, and those that the format has not."""
        known = (*required, *optional)
        for key in required:
            if key not in item:
                self.wrong("missing_key", where, f"has no key {key!r}; add it")
        for key in item:
            if key not in known:
                fix = nearest(key, known) or f"; take it out (known are {', '.join(known)})"
                self.wrong("unknown_key", where, f"has the key {key!r}, which this format has not{fix}")

    def text(self, where: str, value: object) -> None:
        """Notes a text for the checks of all formats."""
        if not isinstance(value, str):
            self.wrong("wrong_type", where, f"is {kind_of(value)}; it must be a text")
        elif not value or value.isspace():
            self.wrong("empty_text", where, "is empty; write a text, or leave the record out")
        else:
            self.texts.append((where, value))

    def objects(self, where: str, value: object) -> list[tuple[str, dict[str, Any]]]:
        """The objects of a list that is not empty, each with its place."""
        if not isinstance(value, list):
            self.wrong("wrong_type", where, f"is {kind_of(value)}; it must be a list")
            return []
        if not value:
            self.wrong("empty_list", where, "is an empty list; write what belongs there, or leave the record out")
        places = [(f"{where}[{place}]", item) for place, item in enumerate(value)]
        for place, item in places:
            if not isinstance(item, dict):
                self.wrong("wrong_type", place, f"is {kind_of(item)}; it must be an object")
        return [(place, item) for place, item in places if isinstance(item, dict)]

    def turns(
        self, said: Sequence[tuple[str, object]], *, user: str = "user", assistant: str = "assistant",
        answered: bool = True,
    ) -> None:  # fmt: skip
        """Roles with their places: the user starts, both alternate, the assistant ends if it must be ``answered``."""
        last: object = None
        for place, (where, role) in enumerate(said):
            if role not in (user, assistant):
                self.wrong("role", where, f"is {role!r}; it must be {user!r} or {assistant!r}")
                return  # what follows cannot be counted on
            if place == 0 and role != user:
                self.wrong("role", where, f"is {role!r}; a record starts with {user!r}: take this message out")
            elif role == last:
                self.wrong("role", where, f"is {role!r} twice in a row; roles alternate: merge the two messages")
            last = role
        if said and last == user and answered:
            self.wrong("role", said[-1][0], f"is {user!r} at the end; a record ends with {assistant!r}: add the answer")

    def single_turn(self, said: Sequence[tuple[str, object]], user: str = "user") -> None:
        asked = [where for where, role in said if role == user]
        if len(asked) > 1:
            title = self.family.title
            self.wrong("role", asked[1], f"asks a second time; {title} takes one question a record: split the record")


def kind_of(value: object) -> str:
    """What a JSON value is, in words."""
    return "null" if value is None else KINDS.get(type(value), "a value")
