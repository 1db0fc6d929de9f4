"""One thing that is wrong with a dataset, in words for a person."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Literal

Level = Literal["error", "warning"]

EXCERPT = 20
"""Characters shown on either side of what is quoted from a text."""


@dataclass(frozen=True)
class Problem:
    """``code`` is for programs, ``where`` the place within the row (empty: the row or the file), ``message`` says what
    is wrong, why, and what to do. A warning stops nothing. ``unit`` is ``row`` in Parquet, which has no lines."""

    line: int
    code: str
    where: str
    message: str
    level: Level = "error"
    unit: Literal["line", "row"] = "line"

    def __str__(self) -> str:
        """``line 10: messages[1].role: is …``"""
        warning = "warning: " if self.level == "warning" else ""
        where = f"{self.where}: " if self.where else ""
        return f"{self.unit} {self.line}: {warning}{where}{self.message}"

    def as_json(self) -> dict[str, Any]:
        """Its fields, for ``json.dumps``."""
        return asdict(self)


def excerpt(text: str, start: int, end: int) -> str:
    """What stands around a place, quoted: what no terminal should get is escaped."""
    first, last = max(0, start - EXCERPT), min(len(text), end + EXCERPT)
    return f"{'…' * (first > 0)}{text[first:last]!r}{'…' * (last < len(text))}"
