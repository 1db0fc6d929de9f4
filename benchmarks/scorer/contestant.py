"""One ROUGE over a file of pairs, in a process of its own: the peers' interpreter runs this file, too, so it imports
none of ours but in our own contestant.

    python contestant.py NAME FILE    one JSON line

FILE is JSON with references and answers. All is read, and a first pair scored, before the clock starts.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

Scorer = Callable[[list[str], list[str]], float]
"""References and answers to the sum of all F-measures, for a check."""

TYPES = ["rouge1", "rouge2", "rouge3", "rougeL"]


def groundtune() -> Scorer:
    from workers.scorer.rouge import Rouge

    scorer = Rouge("default")

    def score(references: list[str], answers: list[str]) -> float:
        found = [scorer.score(*pair) for pair in zip(references, answers, strict=True)]
        return sum(getattr(values, name) for values in found for name in TYPES)

    return score


def rouge_score() -> Scorer:
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(TYPES)

    def score(references: list[str], answers: list[str]) -> float:
        found = [scorer.score(*pair) for pair in zip(references, answers, strict=True)]
        return sum(values[name].fmeasure for values in found for name in TYPES)

    return score


SCORERS: dict[str, Callable[[], Scorer]] = {"groundtune": groundtune, "rouge-score": rouge_score}


def main() -> None:
    score = SCORERS[sys.argv[1]]()
    given = json.loads(Path(sys.argv[2]).read_text("utf-8"))
    references, answers = given["references"], given["answers"]
    score(references[:1], answers[:1])
    cpu = time.process_time()
    total = score(references, answers)
    cpu = time.process_time() - cpu
    print(json.dumps({"pairs": len(answers), "cpu_s": cpu, "total": total}))


if __name__ == "__main__":
    main()
