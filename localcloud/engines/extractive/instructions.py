"""What a system prompt asks of an answer, read with a table of phrases, English and Korean.

A base model obeys what it recognises and is wordy about the rest; nothing here looks at documents or questions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Literal

from localcloud.engines.extractive.wishes import CONDITIONAL, LABEL, NUMBERS, SENTENCES, WISHES, WORDS

Cite = Literal["unasked", "none", "all", "used"]
LinkFormat = Literal["markdown", "sources", "numbers"]


@dataclass(frozen=True)
class Instructions:
    """None and ``unasked`` mean that the prompt says nothing about it."""

    sentences: int | None = None
    words: int | None = None
    tone: Literal["brief", "detailed"] | None = None
    cite: Cite = "unasked"
    links: LinkFormat = "markdown"
    label: str | None = None
    steps: bool | None = None
    commands: bool | None = None
    preamble: bool | None = None
    echo: bool | None = None
    language: Literal["en", "ko"] | None = None


@lru_cache(maxsize=256)
def read_instructions(system: str) -> Instructions:
    """What the prompt asks. Later wishes of the table overrule earlier ones where both are found."""
    found = Instructions()
    for pattern, asks in WISHES:
        if pattern.search(system):
            found = replace(found, **asks)
    label = LABEL.search(system)
    always = CONDITIONAL.sub("", system)
    return replace(
        found, sentences=_limit(SENTENCES, always), words=_limit(WORDS, always), label=label[1] if label else None
    )


def _limit(pattern: re.Pattern[str], system: str) -> int | None:
    """The smallest limit named."""
    found = [next(group for group in match.groups() if group) for match in pattern.finditer(system)]
    counts = [int(text) if text.isdigit() else NUMBERS[text.lower()] for text in found]
    return min((count for count in counts if count > 0), default=None)
