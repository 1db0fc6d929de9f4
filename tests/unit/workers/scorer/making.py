"""What the scorer's tests are made of: small experiments, answers and scores, and an encoder without a model."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from schemas.artifacts import CitationDetail, GroundTruth, HallucinatedLinks, Prediction, RetrievedDocument, Score
from schemas.experiment import CASE_METRICS, Arm, Experiment, Train
from workers.scorer.embedding import Vector
from workers.scorer.pairing import ArmResult

METRICS = CASE_METRICS


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


def truth(id: str, answer: str = "reference answer", links: Sequence[str] = ("https://x.example/a",)) -> GroundTruth:
    return GroundTruth(id=id, question=f"question {id}?", answer=answer, references=list(links))


def prediction(id: str, answer: str = "an answer", urls: Sequence[str] = (), **values: Any) -> Prediction:
    documents = [RetrievedDocument(chunk=str(n), url=url, title="t", text="…") for n, url in enumerate(urls)]
    return Prediction(id=id, question=f"question {id}?", answer=answer, documents=documents, **values)


def score(id: str, value: float, *, exact: float = 1.0, hallucinated: int = 0, arm: str = "a") -> Score:
    """A score with ``value`` for every text metric."""
    values: dict[str, float | None] = dict.fromkeys(METRICS, value)
    strange = HallucinatedLinks(invented=[f"https://made.example/{n}" for n in range(hallucinated)])
    citation = CitationDetail(cited=strange.invented, wrong=[], reachable=[], unreachable=[], hallucinated=strange)
    return Score(id=id, arm=arm, values=values | {"citation_accuracy": exact}, citation=citation)


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
