"""The pieces of Markdown that reports and cards are made of; untrusted text goes through ``escaped`` or ``link``."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from shared.pages.wording import safe_link

_SPECIAL = re.compile(r"([\\`*_\[\]<>|#&~])")
_NOT_IN_AUTOLINK = re.compile(r"[\s<>|\\]")


def escaped(text: str) -> str:
    """Text on one line in which no character is Markdown, HTML or a table's border."""
    return _SPECIAL.sub(r"\\\1", " ".join(text.split()))


def link(url: str) -> str:
    """An http(s) URL as an autolink, anything else as text."""
    return f"<{url}>" if safe_link(url) and not _NOT_IN_AUTOLINK.search(url) else escaped(url)


def section(heading: str, *parts: str) -> str:
    """A heading and its parts; empty ones are left out."""
    return "\n\n".join([f"## {heading}", *(part for part in parts if part)])


def grid(head: Sequence[str], rows: Iterable[Sequence[str]], right: int) -> str:
    """A table of ready cells whose last ``right`` columns are aligned to the right."""
    rule = ["---"] * (len(head) - right) + ["--:"] * right
    return "\n".join(f"| {' | '.join(row)} |" for row in [head, rule, *rows])


def bullets(lines: Sequence[str], *, ready: bool = False) -> str:
    """A list; lines that are not ``ready`` Markdown are escaped."""
    return "\n".join(f"- {line if ready else escaped(line)}" for line in lines)
