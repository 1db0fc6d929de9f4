"""What a question is about by name: codes, numbers, versions, code. Two questions that differ in these are different
questions, however alike their letters are: "What does error E-101 mean?" and "What does error E-102 mean?".
"""

from __future__ import annotations

import re
import unicodedata

_TOKEN = re.compile(r"[a-z0-9]+(?:[-_./:,#][a-z0-9]+)*")
"""Latin letters and digits, joined inside: a Korean particle or counter behind (``E-101은``, ``3회``) falls off."""
_NAMING = re.compile(r"[0-9_]")
_JOINTS = re.compile(r"[-_/:,#]")
_CODE = re.compile(r"`([^`\n]+)`")
_MAY_NAME = re.compile(r"[\d_`\u00b2-\u2189\u2460-\u249b]")
"""Digits of all kinds, also those that NFKC makes ordinary: most texts have none and are done at once."""


def identifiers(text: str) -> frozenset[str]:
    """Tokens with a digit or an underscore, and all tokens of code spans, folded: ``E-101`` and ``e101`` are one,
    ``10,000`` is ``10000``, ``1.15`` keeps its point."""
    if not _MAY_NAME.search(text):
        return frozenset()
    folded = unicodedata.normalize("NFKC", text).casefold()
    named = [token for token in _TOKEN.findall(folded) if _NAMING.search(token)]
    code = [token for span in _CODE.findall(folded) for token in _TOKEN.findall(span)]
    return frozenset(_JOINTS.sub("", token) for token in (*named, *code))


def differ(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether two texts are kept side by side: one names what the other does not. What duplicates are told by."""
    return one != other


def conflict(one: frozenset[str], other: frozenset[str]) -> bool:
    """Whether each names something that the other does not: another question. Weaker than ``differ``, for leaks:
    a question with one of its identifiers left out still gives the other away."""
    return bool(one - other) and bool(other - one)
