"""A judge that compares two answers with the reference answer, by words and links. Small, and blind to meaning."""

from __future__ import annotations

import json
import re
from html import unescape

from localcloud.engines.extractive.overlap import f_measure, overlap, tokens
from shared.text.links import canonical_url, find_links

TIE = 0.02
"""Scores nearer than this are a tie."""
LINKS = 0.25
"""What the links weigh beside the words, where the reference has any."""
_REFERENCE = re.compile(r"<reference>(.*?)</reference>", re.DOTALL)
_ANSWER = re.compile(r'<answer id="([^"]+)">(.*?)</answer>', re.DOTALL)


def compare(user: str) -> str:
    """JSON: ``verdict`` (``A``, ``B`` or ``tie``), ``reason``, ``scores`` of A and B, 0 to 1, and the ratings of ``a``
    and ``b``, 1 to 5 each.

    A missing answer is an empty one. What an answer says of itself is words like others.
    """
    found = _REFERENCE.search(user)
    reference = unescape(found[1]) if found else ""
    answers = {name: unescape(text) for name, text in _ANSWER.findall(user)}
    a, b = (answers.get(name, "") for name in ("A", "B"))
    scores = {"A": round(_score(a, reference), 4), "B": round(_score(b, reference), 4)}
    difference = scores["A"] - scores["B"]
    verdict = "tie" if abs(difference) < TIE else "A" if difference > 0 else "B"
    reason = f"Overlap with the reference answer: A {scores['A']}, B {scores['B']}."
    ratings = {"a": _ratings(a, reference), "b": _ratings(b, reference)}
    return json.dumps({"verdict": verdict, "reason": reason, "scores": scores, **ratings})


def _score(answer: str, reference: str) -> float:
    words = overlap(tokens(answer), tokens(reference))
    if not find_links(reference):
        return words
    return (1 - LINKS) * words + LINKS * _links(answer, reference)


def _ratings(answer: str, reference: str) -> dict[str, int]:
    """Tone is rated by the words as well: how somebody writes is beyond this judge."""
    words = overlap(tokens(answer), tokens(reference))
    return {
        "correctness": _rating(words),
        "citations": _rating(_links(answer, reference)),
        "conciseness": _rating(_alike(len(tokens(answer)), len(tokens(reference)))),
        "tone": _rating(words),
    }


def _links(answer: str, reference: str) -> float:
    """F-measure of the links; 1 where neither has any."""
    given, wanted = ({canonical_url(url) for url in find_links(text)} for text in (answer, reference))
    return f_measure(len(given & wanted), len(given), len(wanted)) if given or wanted else 1.0


def _alike(length: int, wanted: int) -> float:
    """1 for an answer no longer than the reference, less as it grows."""
    return 1.0 if length <= wanted else wanted / length


def _rating(share: float) -> int:
    return 1 + round(4 * share)
