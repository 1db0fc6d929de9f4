"""Small things done to untrusted text before it is shown."""

from __future__ import annotations

import unicodedata
from urllib.parse import urlsplit

from shared.text.language import detect_language


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


def safe_link(url: str) -> str | None:
    """The URL if a browser may open it (http or https), else None: ``javascript:`` is text and nothing more."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in ("http", "https") and parts.netloc else None


def text_language(text: str, page: str) -> str | None:
    """The language to declare for a text on a page in another one; None where both are the same."""
    language = detect_language(text)
    return None if language == page else language


def _width(char: str) -> int:
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
