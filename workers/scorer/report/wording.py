"""Small things done to untrusted text before it is shown."""

from __future__ import annotations

import unicodedata


def shortened(text: str, units: int) -> str:
    """The text cut to so many Latin letters' width, a Korean letter counting for two, with ``…`` where it was cut."""
    if sum(map(_width, text)) <= units:
        return text
    kept, used = "", 1
    for char in text:
        used += _width(char)
        if used > units:
            break
        kept += char
    return kept.rstrip() + "…"


def _width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
