"""Resident memory over a stream of pairs, every one new, with a word that never comes again."""

from __future__ import annotations

import random
import statistics
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from workers.scorer.rouge import Rouge

PAIRS = 1_000_000
WORDS = 30
GROWTH = 0.05


def memory(quick: bool) -> str:
    """The median of the last tenth beside that of the second."""
    pairs = PAIRS // 20 if quick else PAIRS
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        sizes, cpu_s = pool.submit(_streamed, pairs).result()
    second, last = tenths(sizes)
    return (
        f"{pairs:,} pairs of {WORDS} words streamed, each with a new word: {second / 2**20:.0f} MiB resident in the "
        f"second tenth, {last / 2**20:.0f} MiB in the last ({last / second - 1:+.1%}; aim: {GROWTH:.0%} at most), "
        f"{max(sizes) / 2**20:.0f} MiB at most; {cpu_s:.0f} CPU seconds, making the texts with them."
    )


def tenths(sizes: Sequence[float]) -> tuple[float, float]:
    """Medians of the second and of the last tenth of at least ten values."""
    tenth = len(sizes) // 10
    return statistics.median(sizes[tenth : 2 * tenth]), statistics.median(sizes[-tenth:])


def _streamed(pairs: int) -> tuple[list[int], float]:
    """Bytes after each block, and CPU seconds."""
    start = time.process_time()
    sizes = [_resident() for _ in Rouge("default").score_stream(_pairs(pairs))]
    return sizes, time.process_time() - start


def _pairs(count: int) -> Iterator[tuple[str, str]]:
    rng = random.Random(11)
    words = [f"w{number}" for number in range(20_000)]
    for number in range(count):
        one, other = (" ".join(rng.choices(words, k=WORDS - 1)) for _ in range(2))
        yield f"{one} n{number}", f"{other} n{number}"


def _resident() -> int:
    return int(Path("/proc/self/status").read_text("utf-8").partition("VmRSS:")[2].split()[0]) * 1024
