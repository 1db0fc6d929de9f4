"""The nearest chunks of a question, by words and by meaning: what a model is shown, in training and serving alike."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.artifacts import RetrievedDocument
from shared.errors import Poison
from shared.retrieval.corpus import CorpusIndex
from shared.runtime.offload import in_thread

POOL = 5
"""Chunks found for each one shown, of which a training example takes its distractors."""
DEPTH = 2
"""For each chunk shown, how many of either search have a say in which are."""

Vectors = Mapping[str, Sequence[float]]
"""By text: its unit vector."""
Nearest = Mapping[str, Sequence[RetrievedDocument]]
"""By question the nearest chunks, nearest first."""


async def nearest_chunks(index: CorpusIndex, model: str, questions: Vectors, top_k: int) -> Nearest:
    """Of each question the nearest chunks, ``POOL`` for each of the ``top_k`` that are shown.

    ``questions``: by question its vector, of ``model``. Raises Poison when the chunks' vectors are not that model's.
    """
    if index.embedded_by != model:
        raise Poison(
            f"the run's index holds vectors of {index.embedded_by or 'no model'}, and the run asks for {model}: it was "
            "made by another version of groundtune; run the experiment again"
        )
    return await _found(index, questions, top_k)


@in_thread
def _found(index: CorpusIndex, questions: Vectors, top_k: int) -> Nearest:
    found = index.nearest(list(questions), list(questions.values()), candidates=POOL * top_k, depth=DEPTH * top_k)
    return dict(zip(questions, found, strict=True))
