"""Rows of a JSON Lines file as they are checked: what is wrong is counted with its line, and never stops the rest."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from workers.scorer.files.problems import Problems


@dataclass(frozen=True)
class Row:
    """A row with an id. ``line`` counts from 1."""

    line: int
    id: str
    fields: dict[str, Any]

    def text(self, name: str) -> str | None:
        """A field's text; None where there is none, or something else."""
        value = self.fields.get(name)
        return whole(value) if isinstance(value, str) else None

    def links(self, name: str) -> tuple[str, ...] | None:
        """A field's links; None where there is no list of texts."""
        value = self.fields.get(name)
        if isinstance(value, list) and all(isinstance(link, str) for link in value):
            return tuple(map(whole, value))
        return None


def read_rows(name: str, lines: Iterable[bytes], problems: Problems) -> Iterator[Row]:
    """The rows of a file with this name that are JSON objects with an id, a text or a whole number."""
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        fields = _parsed(line)
        if not isinstance(fields, dict):
            problems.add("broken_line", f"{name} line {number}")
            continue
        id = fields.get("id")
        if isinstance(id, str | int) and not isinstance(id, bool) and str(id).strip():
            yield Row(number, whole(str(id)), fields)
        else:
            problems.add("bad_row", f"{name} line {number}: it has no id")


def whole(text: str) -> str:
    r"""The text with halves of characters, as ``"\ud83d"`` in JSON makes them, replaced: nothing can store them."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return text


def _parsed(line: bytes) -> Any:
    try:
        return json.loads(line.removeprefix(b"\xef\xbb\xbf"))
    except (ValueError, RecursionError):
        return None
