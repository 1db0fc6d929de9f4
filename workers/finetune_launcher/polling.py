"""How long to wait before a job or deployment is looked at again."""

from __future__ import annotations

import math

FIRST_S = 1
GROWTH = 1.4
LONGEST_S = 300


def poll_delay_s(poll: int) -> int:
    """Seconds before look number ``poll`` (0 is the first): short at first, five minutes at most."""
    return min(LONGEST_S, math.ceil(FIRST_S * GROWTH ** min(poll, 40)))
