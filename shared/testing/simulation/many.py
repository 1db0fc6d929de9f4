"""Many schedules, shared out among the cores."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from shared.testing.simulation.schedule import Verdict, simulate

CHUNK = 20
"""Schedules that a core takes at a time: a second's work or less."""


def cores() -> int:
    """Those that this process may use, where the system says so."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def play(seeds: range, processes: int) -> Iterator[Verdict]:
    """The verdict of each seed, in their order; ``processes`` play at a time."""
    if processes == 1:
        yield from map(simulate, seeds)
        return
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        yield from pool.map(simulate, seeds, chunksize=CHUNK)
