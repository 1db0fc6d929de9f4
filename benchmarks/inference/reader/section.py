"""The two sections of the report: how near answers come, and how fast they are."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from benchmarks.inference.reader.comparison import METRICS, Comparison, compare
from benchmarks.inference.reader.intervals import Difference, difference
from benchmarks.inference.reader.sets import COOKBOOKS, question_sets
from benchmarks.inference.reader.speed import Speed, speed

SEEDS = (7, 8, 9)
PAIRS = (("baseline prompt", "improved prompt"), ("improved prompt", "trained"), ("first sentences", "trained"))
ROWS = 2_000


def reader(quick: bool) -> str:
    """Values of every arm, and the differences that are claimed, each with its interval."""
    found = [compare(questions, SEEDS[: 1 if quick else None]) for questions in question_sets()]
    missing = "" if COOKBOOKS.is_dir() else f"\n\nThe cookbooks set is not at {COOKBOOKS}: not measured."
    return (
        "The local reader on held-out questions: BM25 over all chunks, 4 shown (cookbooks: hybrid, 5), links compared "
        "without their fragments. Trained: with the improved prompt, by 5-fold cross-validation, mean of "
        f"{1 if quick else len(SEEDS)} draws of folds, whole documents held out (cookbooks: questions).\n\n"
        f"{of_values(found)}\n\nDifferences with 95 % intervals (paired bootstrap over questions):\n\n"
        f"{of_differences(found)}{missing}"
    )


def reader_speed(quick: bool) -> str:
    """Training and answering."""
    return (
        "The local reader's speed on one core; aims: 2,000 samples in 60 s, 40 answers a second with sentences seen "
        f"before:\n\n{of_speeds([speed(questions, ROWS // 10 if quick else ROWS) for questions in question_sets()])}"
    )


def of_values(found: Sequence[Comparison]) -> str:
    rows = [
        [one.name, f"{one.questions}", arm, *(f"{value:.3f}" for value in values.mean(axis=0))]
        for one in found
        for arm, values in one.values.items()
    ]
    return _table(["questions", "n", "arm", *METRICS], rows)


def of_differences(found: Sequence[Comparison]) -> str:
    rows = [
        [one.name, f"{new} − {base}", *(_cell(difference(*(one.values[arm][:, column] for arm in (base, new))))
                                        for column in range(len(METRICS)))]
        for one in found
        for base, new in PAIRS
    ]  # fmt: skip
    return _table(["questions", "difference", *METRICS], rows)


def of_speeds(found: Sequence[Speed]) -> str:
    rows = [
        [one.name, f"{one.pieces:.0f}", f"{one.rows:,}", f"{one.train_s:.1f}", f"{one.cold:.0f}", f"{one.rate:.0f}"]
        for one in found
    ]
    head = ["questions", "sentences a question", "samples", "training, CPU s", "answers a CPU s, new", "seen before"]
    return _table(head, rows)


def _cell(found: Difference) -> str:
    return f"{found.mean:+.3f} ({found.low:+.3f} … {found.high:+.3f}), {found.verdict}"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    return "\n".join(f"| {' | '.join(cells)} |" for cells in (head, ["---"] * len(head), *rows))
