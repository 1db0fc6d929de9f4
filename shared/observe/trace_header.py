"""A trace's context in two spellings: W3C's ``traceparent`` and the header that AWS services pass on.

Sources: W3C Trace Context, section 3.2; "Tracing header", AWS X-Ray Developer Guide.
"""

from __future__ import annotations

import re

_W3C = re.compile(r"([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(-.*)?", re.ASCII)
_ROOT = re.compile(r"1-([0-9a-f]{8})-([0-9a-f]{24})", re.ASCII)
_PARENT = re.compile(r"[0-9a-f]{16}", re.ASCII)
_SAMPLED = 0x01


def xray_of(traceparent: str) -> str | None:
    """``Root=1-…;Parent=…;Sampled=1`` for a ``traceparent``; None when it is none."""
    found = _W3C.fullmatch(traceparent)
    if found is None:
        return None
    version, trace, parent, flags, more = found.groups()
    # later versions may add fields behind these; the first one has none
    if version == "ff" or (version == "00" and more) or not _ids(trace, parent):
        return None
    return f"Root=1-{trace[:8]}-{trace[8:]};Parent={parent};Sampled={int(flags, 16) & _SAMPLED}"


def traceparent_of(header: str) -> str | None:
    """``00-…-…-01`` for an X-Ray header; None when it names no trace or no parent.

    A header without a decision, or with ``Sampled=?``, counts as not sampled.
    """
    fields = dict(field.strip().partition("=")[::2] for field in header.split(";"))
    root, parent = _ROOT.fullmatch(fields.get("Root", "")), fields.get("Parent", "")
    if root is None or not _PARENT.fullmatch(parent):
        return None
    trace = root[1] + root[2]
    sampled = fields.get("Sampled") == "1"
    return f"00-{trace}-{parent}-{int(sampled):02x}" if _ids(trace, parent) else None


def _ids(trace: str, parent: str) -> bool:
    """Ids of zeros only are none."""
    return bool(trace.strip("0")) and bool(parent.strip("0"))
