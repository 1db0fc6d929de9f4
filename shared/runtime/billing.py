"""What SQS bills: requests, each 64 KiB of payload anew; and how a list of messages is cut to bill least.

Source: Amazon SQS pricing. The payload is the messages', as the service counts it towards its limit of a batch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from shared.runtime.queue import BATCH

UNIT_BYTES = 65_536
MAX_BYTES = 1_048_576
"""Of a batch in all (SQS developer guide, quotas, since August 2025)."""


def billed_units(payload: int) -> int:
    """Billed requests of one request that carries ``payload`` bytes, one way or the other."""
    return max(1, math.ceil(payload / UNIT_BYTES))


def cut(sizes: Sequence[int]) -> list[int]:
    """How many messages each batch takes, in order, for messages of these sizes (bytes).

    At most ten and 1 MiB, with the fewest billed units and, among such cuts, the fewest calls. Ten messages of 7 KB
    bill two units as one batch; with more to come, nine bill one. A message above 1 MiB goes alone, to be refused.
    """
    if 0 < len(sizes) <= BATCH and sum(sizes) <= UNIT_BYTES:
        return [len(sizes)]  # the usual case, which needs no search
    # (units, calls) of the best cut from each message on, and the size of its first batch
    costs, firsts = [(0, 0)] * (len(sizes) + 1), [0] * len(sizes)
    for start in reversed(range(len(sizes))):
        options = _options(sizes, start, costs)
        costs[start], firsts[start] = min(options, key=lambda option: (option[0], -option[1]))
    lengths, start = [], 0
    while start < len(sizes):
        lengths.append(firsts[start])
        start += firsts[start]
    return lengths


def _options(sizes: Sequence[int], start: int, costs: Sequence[tuple[int, int]]) -> list[tuple[tuple[int, int], int]]:
    """Every first batch from ``start`` on: what the whole rest then costs, and how many messages it takes."""
    found: list[tuple[tuple[int, int], int]] = []
    payload = 0
    for end in range(start, min(start + BATCH, len(sizes))):
        payload += sizes[end]
        if found and payload > MAX_BYTES:
            break
        units, calls = costs[end + 1]
        found.append(((units + billed_units(payload), calls + 1), end + 1 - start))
    return found
