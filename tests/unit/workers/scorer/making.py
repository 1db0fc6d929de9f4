"""What the scorer's tests are made of: small experiments, answers and scores, and an encoder without a model."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from schemas.artifacts import CitationScore, GroundTruth, Prediction, RetrievedDocument, Score
from schemas.experiment import Arm, Experiment, Train
from workers.scorer.embedding import Similarity, Vector
from workers.scorer.instruments import Instruments
from workers.scorer.pairing import ArmResult
from workers.scorer.rouge import Rouge

METRICS = ("rouge1", "rouge2", "rouge3", "rougeL", "embedding_similarity", "citation_accuracy")


class BagOfWords:
    """A SentenceEncoder that hashes words into 64 places; counts how often it was asked."""

    def __init__(self, window: int = 50) -> None:
        self.window = window
        self.encoded: list[str] = []
        self.loaded = False

    def load(self) -> None:
        self.loaded = True

    def encode(self, text: str) -> Vector:
        self.encoded.append(text)
        vector = np.zeros(64)
        for word in text.lower().split():
            vector[hashlib.sha256(word.encode()).digest()[0] % 64] += 1
        return np.asarray(vector / (np.linalg.norm(vector) or 1.0), dtype=np.float64)

    def is_long(self, text: str) -> bool:
        return len(text.split()) > self.window

    def signature(self) -> str:
        return "model=bag-of-words"


def instruments() -> Instruments:
    return Instruments(Rouge(), Similarity(BagOfWords()))


def truth(id: str, answer: str = "reference answer", links: Sequence[str] = ("https://x.example/a",)) -> GroundTruth:
    return GroundTruth(id=id, question=f"question {id}?", answer=answer, references=list(links))


def prediction(id: str, answer: str = "an answer", urls: Sequence[str] = (), **values: Any) -> Prediction:
    documents = [RetrievedDocument(chunk=str(n), url=url, title="t", text="…") for n, url in enumerate(urls)]
    return Prediction(id=id, question=f"question {id}?", answer=answer, documents=documents, **values)


def score(id: str, value: float, *, exact: float = 1.0, hallucinated: int = 0, arm: str = "a") -> Score:
    """A score with ``value`` for every text metric."""
    citation = CitationScore(precision=exact, recall=exact, f1=exact, exact=exact, hit=exact, hallucinated=hallucinated)
    same = {name: value for name in METRICS if name != "citation_accuracy"}
    return Score(id=id, arm=arm, citation=citation, **same)


def result(
    arm: Arm, values: Mapping[str, float], *, exact: float = 1.0, failed: str | None = None, hallucinated: int = 0
) -> ArmResult:
    """An arm with one value per question."""
    return ArmResult(
        arm,
        failed=failed,
        scores={id: score(id, v, exact=exact, hallucinated=hallucinated) for id, v in values.items()},
        predictions={id: prediction(id, f"answer of {arm.name}") for id in values},
    )


BASELINE = Arm(name="baseline", prompt="plain")
PROMPT = Arm(name="prompt", prompt="optimized")
FT_40 = Arm(name="ft-40", prompt="optimized", train=Train(original=40))
FT_160 = Arm(name="ft-160", prompt="optimized", train=Train(original=160))
MIXED = Arm(name="ft-40+120syn", prompt="optimized", train=Train(original=40, synthetic=120))


def experiment(arms: Sequence[Arm] = (BASELINE, PROMPT), **values: Any) -> Experiment:
    return Experiment.model_validate(
        {
            "name": "trial",
            "corpus": {"name": "telco", "documents": "documents"},
            "ground_truth": "ground_truth.jsonl",
            "models": {"student": "local.reader-v1", "teacher": "local.teacher-v1"},
            "prompts": {"plain": "Answer.", "optimized": "Answer well."},
            "arms": [arm.model_dump() for arm in arms],
            **values,
        }
    )
