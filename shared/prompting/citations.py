"""How an answer shows its sources: one line of links under it, in training rows and wanted from models alike."""

from __future__ import annotations

from collections.abc import Sequence

from shared.text.language import detect_language

LABELS = {"en": "Sources:", "ko": "출처:"}


def with_sources(answer: str, urls: Sequence[str]) -> str:
    """The answer with its reference links: a blank line, then ``Sources: <url> <url>`` in the answer's language."""
    if not urls:
        return answer
    links = " ".join(f"<{url}>" for url in urls)
    return f"{answer.rstrip()}\n\n{LABELS[detect_language(answer)]} {links}"
