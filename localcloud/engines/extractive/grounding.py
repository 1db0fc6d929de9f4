"""How well an answer is grounded in its source, and how relevant it is to its question: by words alone.

A stand-in for the model behind Bedrock's contextual grounding check. It has no notion of meaning: a paraphrase scores
lower than it deserves, and a sentence that turns its source's words round scores higher.
"""

from __future__ import annotations

import re

from localcloud.engines.extractive.terms import content_terms
from shared.text.links import strip_links
from shared.text.sentences import sentences

_CODE = re.compile(
    r"(?:[a-zA-Z]+[-_]?)?\d[a-zA-Z0-9]*(?:[.,:/_-][a-zA-Z0-9]*\d[a-zA-Z0-9]*)*"
    r"|(?<![a-zA-Z0-9])[A-Z][A-Z0-9]+(?:-[A-Z0-9]+)*(?![a-zA-Z0-9])"
)
"""Numbers (``1,000``, ``3.5``, ``10:30``), codes (``E-104``, ``v2``) and names in capitals (``SMS``)."""
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")


def grounding(answer: str, source: str) -> float:
    """0 to 1: an answer is as grounded as its least grounded sentence; one that says nothing is grounded.

    A sentence is as grounded as the share of its content words in the one sentence of the source that has most of
    them, and not at all when the source lacks one of its numbers or codes.
    """
    source = _plain(source)
    known = [content_terms(each) for each in sentences(source)]
    said = sentences(_plain(strip_links(answer)))
    return min((_support(each, known, source.lower()) for each in said), default=1.0)


def relevance(answer: str, query: str) -> float:
    """0 to 1: the share of the query's content words that the answer has; 1 for a query without any."""
    wanted = content_terms(query)
    return len(wanted & content_terms(answer)) / len(wanted) if wanted else 1.0


def codes(text: str) -> set[str]:
    """Numbers and codes of a text, in lower case."""
    return {match.group().lower() for match in _CODE.finditer(text)}


def _support(sentence: str, known: list[frozenset[str]], source: str) -> float:
    if not all(_has(source, code) for code in codes(sentence)):
        return 0.0
    terms = content_terms(sentence)
    return max((len(terms & each) / len(terms) for each in known), default=0.0) if terms else 1.0


def _has(source: str, code: str) -> bool:
    """Whether a text has a code that is no part of a longer one: 5 is not in 3.5, 15 or v5."""
    pattern = rf"(?<![a-z0-9])(?<!\d[.,:]){re.escape(code)}(?![a-z0-9])(?![.,:]\d)"
    return re.search(pattern, source) is not None


def _plain(text: str) -> str:
    """The text without commas between thousands."""
    return _THOUSANDS.sub("", text)
