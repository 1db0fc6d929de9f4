"""Korean by morphemes: analysing texts is nearly all of the work, so what counts is how often a text is analysed."""

from __future__ import annotations

import json
import os
import random
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from benchmarks.data.table import table
from benchmarks.scorer.texts import Texts
from workers.scorer.rouge import Analysis, Rouge, Tokenizer

QUESTIONS = Path(__file__).parents[2] / "examples" / "telco" / "ground_truth.jsonl"
PAIRS = 400
LINES = 3
TYPES = ("rouge1", "rouge2", "rouge3", "rougeL")
"""Without Lsum, for which rouge-score has every text tokenized once more."""
AIM = 1.5


def korean(quick: bool) -> str:
    """Seconds for one arm after the other, beside rouge-score with the same tokenizer."""
    pairs = PAIRS // 8 if quick else PAIRS
    with ProcessPoolExecutor(1, get_context("spawn"), _on_one_core) as pool:
        base, *ours = pool.submit(_seconds, pairs).result()
    names = ["rouge-score, given our tokenizer", "groundtune, first arm", "second arm, new answers", "first arm again"]
    rows = [[name, f"{taken:.2f}", f"{base / taken:,.1f}"] for name, taken in zip(names, [base, *ours], strict=True)]
    told = table(
        [f"{pairs} pairs of {LINES} Korean lines, ROUGE-1, -2, -3 and L", "CPU seconds", "× rouge-score"], rows
    )
    return f"Tokenizer `ko-morph`, model loaded before the clock starts; aim: {AIM} times rouge-score, cold:\n\n{told}"


def arms(pairs: int) -> tuple[Texts, Texts]:
    """Two arms that answer the same questions: lines of the example's answers, put together at random."""
    rows = map(json.loads, QUESTIONS.read_text("utf-8").splitlines())
    answers = [row["answer"].replace("\n", " ") for row in rows if row["id"].startswith("ko-")]
    rng = random.Random(5)
    first, second, third = (["\n".join(rng.sample(answers, LINES)) for _ in range(pairs)] for _ in range(3))
    return Texts(first, second), Texts(first, third)


def _seconds(pairs: int) -> list[float]:
    from rouge_score.rouge_scorer import RougeScorer

    one, other = arms(pairs)
    rouge = Rouge("ko-morph", TYPES)
    uncached = Rouge("ko-morph", cache=_Forgetful())
    uncached.score("가", "나")  # loads the model
    peer = RougeScorer(list(TYPES), tokenizer=_Adapter(uncached.tokenizer))
    return [
        _clocked(lambda references, answers: [*map(peer.score, references, answers)], one),
        *(_clocked(rouge.score_batch, arm) for arm in (one, other, one)),
    ]


def _clocked(work: Callable[[list[str], list[str]], object], arm: Texts) -> float:
    start = time.process_time()
    work(arm.references, arm.answers)
    return time.process_time() - start


def _on_one_core() -> None:
    os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})


class _Forgetful:
    """A cache that keeps nothing."""

    def get(self, key: str) -> Analysis | None:
        return None

    def put(self, key: str, analysis: Analysis) -> None:
        pass


class _Adapter:
    """A tokenizer in the shape that rouge-score calls."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenize = tokenizer
