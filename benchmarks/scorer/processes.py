"""Two processes beside one: texts go there and columns come back, pickling counted."""

from __future__ import annotations

import time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context

from benchmarks.scorer.texts import Texts, texts
from workers.scorer.rouge import Rouge, RougeColumns

WORDS = 200
PAIRS = 20_000
SHARDS = 21
ROUNDS = 5
AIM = 1.7

_rouge = Rouge("default")


def processes(quick: bool) -> str:
    """Wall-clock time, best of some rounds, processes started and warm before the clock."""
    made = texts(WORDS, PAIRS // 10 if quick else PAIRS)
    one, two = (min(_seconds(made, count, rounds=1 if quick else ROUNDS)) for count in (1, 2))
    return (
        f"{len(made.answers):,} pairs of {WORDS} words in {SHARDS - 1} shards: {one:.2f} s in one process, {two:.2f} s in "
        f"two, {one / two:.2f} times as fast (wall-clock time; aim: {AIM})."
    )


def _seconds(made: Texts, processes: int, rounds: int) -> list[float]:
    shards = [Texts(made.references[start::SHARDS], made.answers[start::SHARDS]) for start in range(SHARDS)]
    taken = []
    for _ in range(rounds):
        with ProcessPoolExecutor(processes, get_context("spawn")) as pool:
            list(pool.map(_score, [shards[0]] * processes * 2))  # both are up, and know the words
            start = time.perf_counter()
            list(pool.map(_score, shards[1:]))
            taken.append(time.perf_counter() - start)
    return taken


def _score(shard: Texts) -> RougeColumns:
    return _rouge.score_batch(shard.references, shard.answers)
