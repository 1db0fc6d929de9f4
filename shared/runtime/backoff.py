"""How long to wait before the next try: exponential with full jitter.

Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

GIVE_UP_RETRYING_S = 6 * 3600
"""A message that only ever asks for another try is given up after this time since its first claim."""


@dataclass(frozen=True)
class Backoff:
    """Delays between 0 and ``base_s`` · 2^(n-1), at most ``cap_s``. ``random`` gives numbers in [0, 1)."""

    random: Callable[[], float]
    base_s: float = 2.0
    cap_s: float = 300.0

    def delay_s(self, tries: int) -> int:
        """Whole seconds, as visibility timeouts have; at least 1, for the n-th try that failed (1 is the first)."""
        # 2**30 s is far above any cap, and larger exponents would overflow a float
        ceiling = min(self.cap_s, self.base_s * 2.0 ** min(max(tries, 1) - 1, 30))
        return max(1, math.ceil(self.random() * ceiling))
