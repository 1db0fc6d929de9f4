"""Words that end a customization job when a row holds them, and how a text says the same without them.

Technical documents are full of them (``User:`` in a log, ``<image>`` in markup), so they are rewritten before a row is
written: a space goes before the last character (``User :``, ``[EOS ]``; ``<image >`` is the same tag). In a
link, which must stay whole, the colon is percent-encoded: the same address.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache

NOVA = (
    "System:", "SYSTEM:", "User:", "USER:", "Bot:", "BOT:", "Assistant:", "ASSISTANT:", "Thought:", "[EOS]", "<image>",
    "<video>", "<unk>",
)  # fmt: skip
"""Anywhere in any text, as substrings, in this case only. Source: Amazon Nova user guide, "Preparing data for
fine-tuning understanding models", and AWS's published validator (``INVALID_TOKENS_TEXT``). A later version of that
validator lists some in lower case as well, by a missing comma glued to their neighbours and so never matched; the guide
does not name them, hence they are not here."""

CLAUDE = ("\nHuman:", "\nAssistant:")
"""Source: AWS's published validator for Claude 3 Haiku (``data_validation.py``)."""

_LINK = r"[^\s<>\"'`|\\^{}\[\]ᄀ-ᇿ㄰-㆏가-힣]"
_LINK_BEFORE = re.compile(rf"[a-zA-Z][a-zA-Z0-9+.-]*://{_LINK}*\Z")
_LINK_AFTER = re.compile(_LINK)
_LONGEST_LINK = 2_000


def make_safe(text: str, words: Sequence[str]) -> tuple[str, dict[str, int]]:
    """The text without any of the words, and how often each was rewritten. What is safe comes back as it is.

    ``words`` are a family's: each ends in a sign that is nowhere else in any of them, so that no rewriting makes one.
    """
    if not has_reserved(text, words):
        return text, {}
    counts: Counter[str] = Counter()

    def rewritten(found: re.Match[str]) -> str:
        word = found[0]
        counts[word] += 1
        return word[:-1] + ("%3A" if word[-1] == ":" and _in_link(text, found.end()) else f" {word[-1]}")

    return _pattern(tuple(words)).sub(rewritten, text), dict(sorted(counts.items()))


def has_reserved(text: str, words: Sequence[str]) -> bool:
    """Whether the text holds one of the words."""
    return any(word in text for word in words)


def find_reserved(text: str, words: Sequence[str]) -> list[tuple[str, int]]:
    """Each word that the text holds, with the place where it first stands."""
    return [(word, text.index(word)) for word in words if word in text]


@lru_cache(maxsize=16)
def _pattern(words: tuple[str, ...]) -> re.Pattern[str]:
    # the longest first: of two words that begin alike, the shorter one would leave the longer one's end behind
    return re.compile("|".join(re.escape(word) for word in sorted(words, key=len, reverse=True)))


def _in_link(text: str, end: int) -> bool:
    """Whether what ends at ``end`` stands in a link and goes on in it: ``https://wiki/User:Kim``."""
    begins = _LINK_BEFORE.search(text[max(0, end - _LONGEST_LINK) : end])
    return begins is not None and _LINK_AFTER.match(text, end) is not None
