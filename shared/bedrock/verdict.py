"""What a check before a job says: nothing, a warning, or why no job may be started."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Verdict:
    """``refusal`` says why no job may be started and what to change, ``warning`` what to think of; None: nothing."""

    refusal: str | None = None
    warning: str | None = None


FINE = Verdict()
