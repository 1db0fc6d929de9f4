"""What a run's training material is held against: its evaluation set, and what the documents of that say."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice

from schemas.artifacts import Chunk, GroundTruth, Leak
from schemas.experiment import Experiment
from shared.bedrock.ports import Account, Bedrock
from shared.runtime.offload import in_thread
from workers.dataset_builder.decontamination import decontaminated
from workers.dataset_builder.leaks import Item, Limits
from workers.dataset_builder.semantic import Vectors

BATCH = 20_000
"""Training chunks held in memory and compared at a time."""


def limits_of(experiment: Experiment) -> Limits:
    """The run's limits. Contexts are compared chunk by chunk, before anything is made of them."""
    wish = experiment.decontamination
    return Limits(
        near_question=wish.near_question,
        near_answer=wish.near_answer,
        near_context=wish.near_context,
        semantic_floor=wish.semantic,
        context=False,
    )


async def question_vectors(bedrock: Bedrock, experiment: Experiment, run: str, questions: Iterable[str]) -> Vectors:
    """By question its unit vector; none where the experiment names no embedding model, or nothing trains."""
    model = experiment.models.embeddings
    texts = list(dict.fromkeys(questions))
    if model is None or not texts or not any(arm.train for arm in experiment.arms):
        return {}
    account = Account(f"run/{run}", "dataset-builder", experiment.budget_usd)
    return dict(zip(texts, await bedrock.embed(model=model, texts=texts, account=account), strict=True))


@in_thread
def leaky_chunks(training: Iterable[Chunk], held: Sequence[Chunk], limits: Limits) -> list[Leak]:
    """Training chunks that say, in good part, what a chunk of an evaluation document says. Streams over them."""
    theirs = [Item(chunk.id, "", "", (chunk.text,)) for chunk in held]
    if not theirs:
        return []
    compared = Limits(near_context=limits.near_context)
    return [
        leak
        for batch in _batches(training)
        for leak in decontaminated([Item(chunk.id, "", "", (chunk.text,)) for chunk in batch], theirs, compared).leaks
    ]


def resting_on(
    pairs: Sequence[GroundTruth], chunks: Mapping[str, Sequence[str]], leaky: Mapping[str, Leak]
) -> list[Leak]:
    """The leaks of pairs whose own chunks (``chunks``, by the pair's id) say what evaluation documents say."""
    found = []
    for pair in pairs:
        bad = next((chunk for chunk in chunks.get(pair.id, ()) if chunk in leaky), None)
        if bad is not None:
            found.append(leaky[bad].model_copy(update={"id": pair.id}))
    return found


def _batches(chunks: Iterable[Chunk]) -> Iterator[list[Chunk]]:
    rest = iter(chunks)
    while batch := list(islice(rest, BATCH)):
        yield batch
