"""A judge that compares two answers with the reference answer, by words. Small, and blind to meaning."""

from __future__ import annotations

import json
import re
from html import unescape

from localcloud.engines.extractive.overlap import overlap, tokens

TIE = 0.02
"""Scores nearer than this are a tie."""
_REFERENCE = re.compile(r"<reference>(.*?)</reference>", re.DOTALL)
_ANSWER = re.compile(r'<answer id="([^"]+)">(.*?)</answer>', re.DOTALL)


def compare(user: str) -> str:
    """JSON ``{"verdict": "A"|"B"|"tie", "scores": {"A": 0…1, "B": 0…1}}``; a missing answer scores 0."""
    reference = _REFERENCE.search(user)
    wanted = tokens(unescape(reference[1])) if reference else []
    found = {name: round(overlap(tokens(unescape(text)), wanted), 4) for name, text in _ANSWER.findall(user)}
    scores = {name: found.get(name, 0.0) for name in ("A", "B")}
    difference = scores["A"] - scores["B"]
    verdict = "tie" if abs(difference) < TIE else "A" if difference > 0 else "B"
    return json.dumps({"verdict": verdict, "scores": scores})
