"""How many questions an inference shard has: so that it ends well within its queue's visibility timeout. Pure.

A shard that took longer would go on, since its message is held by a heartbeat; but the work of a worker that dies in
between is seen again only after the timeout, and is all lost.
"""

from __future__ import annotations

PARALLEL_CALLS = 4
"""Model calls in flight per shard."""
SECONDS_PER_QUESTION = 6.0
"""Assumed of a model where run.yaml says nothing else: a few documents read, an answer of some hundred tokens."""
SHARE = 0.5
"""Of the visibility timeout: answers differ in length, and throttled calls wait."""
FEWEST, MOST = PARALLEL_CALLS, 100
"""A smaller shard leaves calls idle; a larger one makes a whole fleet wait for its last one."""
DEFAULT_SIZE = 10
"""Of runs that were planned before the size was stored with them, and what the defaults come to."""


def shard_size(visibility_timeout_s: float, seconds_per_question: float = SECONDS_PER_QUESTION) -> int:
    """Questions per shard."""
    rounds = SHARE * visibility_timeout_s / seconds_per_question
    return max(FEWEST, min(MOST, int(rounds * PARALLEL_CALLS)))
