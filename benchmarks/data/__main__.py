"""Making datasets, measured: near-duplicate search beside datasketch, and decontamination with planted leaks.

    python -m benchmarks.data [--quick] [--only SECTION …]

Appends its tables to benchmarks/RESULTS.md (not with --quick or --only). The first run makes the peer's environment.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np

from benchmarks import peers
from benchmarks.data import leakage, table
from benchmarks.data.deduplication import searches
from benchmarks.data.questions import question_sets
from benchmarks.data.shingles import LENGTHS, separation
from benchmarks.data.validating import checks
from benchmarks.sections import Section, run

PINS = Path(__file__).parent / "peers.txt"


def deduplication(quick: bool) -> str:
    interpreter, failed = peers.python(PINS)
    if failed:
        sys.exit("; ".join(f"{name} could not be installed: {reason}" for name, reason in failed.items()))
    told = table.of_searches(searches(interpreter, quick))
    return "Near duplicates, similarity 0.8; aims: 8 times datasketch's rate, 4,096 MiB at most:\n\n" + told


def shingles(quick: bool) -> str:
    sets = [questions for questions in question_sets() if not quick or "telco" in questions.name]
    told = table.of_separation([separation(questions, lengths) for questions in sets for lengths in LENGTHS])
    return "Shingles, and how far they tell a question reworded by one word from another question:\n\n" + told


def one_word(quick: bool) -> str:
    found = [leakage.leakage(questions, by) for questions in question_sets() for by in ("group", "question")]
    told = table.of_leakage(found)
    return "Evaluation questions reworded by one word; aims: 95 % caught, 2 % of clean ones lost at most:\n\n" + told


def four_words(quick: bool) -> str:
    from localcloud.engines.embedding import embed

    sets = [questions for questions in question_sets() if not quick or "telco" in questions.name]
    found = [
        leakage.leakage(questions, by, reworded=leakage.four_words, embed=vectors)
        for questions in sets for by in ("group", "question") for vectors in (None, embed)
    ]  # fmt: skip
    told = table.of_leakage(found)
    return "Reworded by four edits, without and with meaning compared (`local.embed-v1`):\n\n" + told


def rate(quick: bool) -> str:
    count = 1000 if quick else 10_000
    taken = leakage.seconds(count, count // 10)
    return (
        f"Decontamination of {count:,} training items against {count // 10:,} evaluation items (question, answer, four "
        f"documents each): {taken:.1f} CPU seconds."
    )


def validation(quick: bool) -> str:
    told = table.of_checks(checks(1_000 if quick else 10_000))
    return "`groundtune validate-dataset`, as the launcher calls it; aim: 10,000 rows in 2 seconds:\n\n" + told


SECTIONS: dict[str, Section] = {
    "deduplication": deduplication, "shingles": shingles, "one-word": one_word, "four-words": four_words, "rate": rate,
    "validation": validation,
}  # fmt: skip
"""What is measured, in order; a new measurement is a function here."""


def main() -> None:
    run(
        SECTIONS, description=__doc__, quick="a tenth of the texts", title="Datasets",
        command="`python -m benchmarks.data`; CPU seconds of one process, the texts read before the clock starts",
        pins=PINS, versions={"numpy": np.__version__},
    )  # fmt: skip


if __name__ == "__main__":
    main()
