"""Two processes beside one: texts go there and columns come back, pickling counted."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from benchmarks.scorer.texts import Texts, texts
from workers.scorer.rouge import Rouge, RougeColumns

WORDS = 200
PAIRS = 20_000
SHARDS = 20
ROUNDS = 5
AIM = 1.7

_rouge = Rouge("default")


def processes(quick: bool) -> str:
    """Wall-clock time, best of some interleaved rounds."""
    made = texts(WORDS, PAIRS // 10 if quick else PAIRS)
    rounds = [[_seconds(made, count) for count in (1, 2)] for _ in range(1 if quick else ROUNDS)]
    one, two = map(min, zip(*rounds, strict=True))
    return (
        f"{len(made.answers):,} pairs of {WORDS} words in {SHARDS} shards: {one:.2f} s in one process, {two:.2f} s in "
        f"two, {one / two:.2f} times as fast (wall-clock time; aim: {AIM})."
    )


def _seconds(made: Texts, processes: int) -> float:
    shards = [Texts(made.references[start::SHARDS], made.answers[start::SHARDS]) for start in range(SHARDS)]
    with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
        list(pool.map(_score, [texts(WORDS, 100, seed=2)] * processes * 4))  # all are up, and know the words
        start = time.perf_counter()
        list(pool.map(_score, shards))
        return time.perf_counter() - start


def _score(shard: Texts) -> RougeColumns:
    return _rouge.score_batch(shard.references, shard.answers)
