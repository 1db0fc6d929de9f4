"""What every format writes: one question with its answer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Turns:
    """One example. ``user`` is the whole turn as the model will see it, documents and question.

    ``kind`` (``original`` or ``synthetic``) and ``references`` (links) are kept by formats that have room for them.
    """

    id: str
    system: str
    user: str
    assistant: str
    kind: str = ""
    references: tuple[str, ...] = ()
