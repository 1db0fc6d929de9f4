"""How fast the reader learns and answers: CPU seconds of one process."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from itertools import cycle, islice

from benchmarks.inference.reader.arms import read
from benchmarks.inference.reader.folds import training_rows
from benchmarks.inference.reader.sets import QuestionSet
from localcloud.engines.extractive import READER, ExtractiveEngine

SEED = 7


@dataclass(frozen=True)
class Speed:
    """``pieces``: candidates of an answer that a question's documents hold, in the mean. ``rate``: answers a CPU
    second once every piece was seen; ``cold``: before."""

    name: str
    pieces: float
    rows: int
    train_s: float
    cold: float
    rate: float


def speed(questions: QuestionSet, rows: int) -> Speed:
    """Training on ``rows`` samples, real pairs over and over, and answering each question twice."""
    index = questions.corpus.index()
    turns = [(pair.question, index.retrieve(pair.question, questions.top_k)) for pair in questions.questions]
    lines = training_rows(questions, questions.questions, [], SEED)
    samples = [json.loads(line) for line in islice(cycle(lines), rows)]
    rates = []
    for _ in range(2):
        started = time.process_time()
        for question, documents in turns:
            read(questions.improved, question, documents, None)
        rates.append(len(turns) / (time.process_time() - started))
    started = time.process_time()
    ExtractiveEngine().train(model=READER, rows=samples, validation=[], hyperparameters={}, progress=lambda step: None)
    return Speed(questions.name, _pieces(questions), rows, time.process_time() - started, *rates)


def _pieces(questions: QuestionSet) -> float:
    from localcloud.engines.extractive.candidates import candidates

    index = questions.corpus.index()
    shown = (index.retrieve(pair.question, questions.top_k) for pair in questions.questions)
    counts = [sum(len(candidates(document.text)) for document in documents) for documents in shown]
    return sum(counts) / len(counts)
