"""Small things done to untrusted text before it is shown."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from shared.text.language import detect_language

REPLACEMENT = "\ufffd"
_UNSEEN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069\ud800-\udfff]")


def seen(text: str) -> str:
    """The text with what works on its reader's terminal or page unseen (escape codes, direction marks, halves of
    surrogate pairs) replaced by �, character by character. Line ends and tabs stay."""
    return _UNSEEN.sub(REPLACEMENT, text.replace("\r\n", "\n"))


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
