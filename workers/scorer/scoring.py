"""All metrics of one answer, and of the answers of a shard."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.artifacts import GroundTruth, Prediction, Score
from workers.scorer.citations import score_citations
from workers.scorer.instruments import Instruments


def score_prediction(
    prediction: Prediction,
    truth: GroundTruth,
    *,
    arm: str,
    instruments: Instruments,
    aliases: Mapping[str, str] | None = None,
) -> Score:
    """Scores an answer against what a person wrote. An empty answer scores 0 in every text metric.

    ``aliases``: other URL of a document → the URL it is cited by.
    """
    words = instruments.rouge.score(truth.answer, prediction.answer)
    return Score(
        id=prediction.id,
        arm=arm,
        rouge1=words["rouge1"].fmeasure,
        rouge2=words["rouge2"].fmeasure,
        rouge3=words["rouge3"].fmeasure,
        rougeL=words["rougeL"].fmeasure,
        embedding_similarity=instruments.similarity.of(truth.answer, prediction.answer),
        citation=score_citations(prediction, truth.references, aliases),
    )


def score_shard(
    predictions: Sequence[Prediction],
    evaluation: Sequence[GroundTruth],
    *,
    arm: str,
    instruments: Instruments,
    aliases: Mapping[str, str] | None = None,
) -> list[Score]:
    """Scores in the order of the predictions. One with an ``error``, or of an unknown question, gets no score."""
    truth = {pair.id: pair for pair in evaluation}
    return [
        score_prediction(prediction, truth[prediction.id], arm=arm, instruments=instruments, aliases=aliases)
        for prediction in predictions
        if prediction.error is None and prediction.id in truth
    ]
