"""Chance that can be had again, and a limit of requests a minute."""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256


def strikes(share: float, *what: object) -> bool:
    """Whether ``what`` is among this share of all things: always the same answer for the same thing."""
    digest = sha256("\0".join(map(str, what)).encode("utf-8", "replace")).digest()
    return int.from_bytes(digest[:8]) < share * 2**64


@dataclass
class Bucket:
    """Holds as many requests as a minute allows and fills up evenly. ``at``: seconds of a monotonic clock."""

    per_minute: int
    at: float
    left: float = 0.0

    def __post_init__(self) -> None:
        self.left = float(self.per_minute)

    def take(self, now: float) -> bool:
        """Whether a request is within the limit; one that is not costs nothing."""
        self.left = min(self.per_minute, self.left + (now - self.at) * self.per_minute / 60)
        self.at = now
        if self.left < 1:
            return False
        self.left -= 1
        return True
