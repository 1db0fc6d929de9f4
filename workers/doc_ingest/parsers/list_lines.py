"""List items as the lines of a Markdown list."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

_MARKDOWN_NUMBER = re.compile(r"\d{1,9}[.)]")


@dataclass
class ListLines:
    """Gathers the items of one list. An item is indented to the text of the item that it stands under."""

    lines: list[str] = field(default_factory=list)
    _open: list[tuple[int, int]] = field(default_factory=list)
    """(level, column of its text) of the items that the next one may stand under."""

    def add(self, level: int, label: str, text: str) -> None:
        """``label`` is the item's printed number, empty for a bullet; ``text`` may have further lines.

        A number that Markdown knows is the marker itself; any other (``가.``, ``2.1``) stands after a dash.
        """
        marker = f"{label} " if _MARKDOWN_NUMBER.fullmatch(label) else f"- {label} " if label else "- "
        while self._open and self._open[-1][0] >= level:
            self._open.pop()
        column = self._open[-1][1] if self._open else 0
        inside = column + (len(marker) if marker[0] != "-" else 2)
        self._open.append((level, inside))
        first, *others = text.split("\n")
        self.lines.append(" " * column + marker + first)
        self.lines.extend(" " * inside + line for line in others)

    def take(self) -> str:
        """The list gathered so far, which is then empty."""
        text = "\n".join(self.lines)
        self.lines.clear()
        self._open.clear()
        return text
