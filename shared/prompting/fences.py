"""Code fences, which models like to put around JSON."""

from __future__ import annotations

import re

_FENCE = re.compile(r"^```(?:json)?\s*\n(.*?)\n?```$", re.DOTALL)


def bare(text: str) -> str:
    """A reply without the fence around it."""
    fenced = _FENCE.match(text.strip())
    return fenced[1] if fenced else text.strip()
