"""Training examples: each question with the documents that a model would be given for it. Pure."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from schemas.artifacts import GroundTruth, RetrievedDocument, Sample, SnapshotDocument, TrainingExample
from shared.retrieval.corpus import CorpusIndex
from workers.dataset_builder.split import seeded


class ExampleMaker:
    """Makes examples over an index of training documents only."""

    def __init__(self, index: CorpusIndex, documents: Sequence[SnapshotDocument], *, top_k: int, seed: int) -> None:
        self._index = index
        self._document_of = {document.url: document.document for document in documents}
        self._url_of: Mapping[str, str] = {document.document: document.url for document in documents}
        self._top_k = top_k
        self._seed = seed

    def original(self, pair: GroundTruth) -> TrainingExample:
        """A ground-truth pair; a referenced document that retrieval missed is put in by its best chunk."""
        wanted = [self._index.best_of(self._document_of[url], pair.question) for url in pair.references]
        return TrainingExample(
            id=pair.id,
            kind="original",
            question=pair.question,
            answer=pair.answer,
            references=pair.references,
            documents=self._context(pair.id, pair.question, [chunk for chunk in wanted if chunk], by_url=True),
        )

    def synthetic(self, sample: Sample) -> TrainingExample:
        """A synthetic sample; the chunks that hold its evidence are always among its documents."""
        return TrainingExample(
            id=sample.id,
            kind="synthetic",
            question=sample.question,
            answer=sample.answer,
            references=[self._url_of[sample.document]],
            documents=self._context(sample.id, sample.question, sample.citations, by_url=False),
        )

    def _context(self, id: str, question: str, wanted: Sequence[str], *, by_url: bool) -> list[RetrievedDocument]:
        found = self._index.retrieve(question, self._top_k)
        oracle = [self._index.as_retrieved(chunk) for chunk in wanted]
        have = {document.url for document in found} if by_url else {document.chunk for document in found}
        missing = [document for document in oracle if (document.url if by_url else document.chunk) not in have]
        return _with_oracle(found, oracle, missing, rng=random.Random(seeded(self._seed, f"context:{id}")))


def _with_oracle(
    found: list[RetrievedDocument],
    oracle: Sequence[RetrievedDocument],
    missing: Sequence[RetrievedDocument],
    *,
    rng: random.Random,
) -> list[RetrievedDocument]:
    """Puts missing oracle documents at random places, each in the stead of the last distractor."""
    context = list(found)
    needed = {document.url for document in oracle}
    for document in missing:
        distractors = [place for place, other in enumerate(context) if other.url not in needed]
        if distractors:
            context.pop(distractors[-1])
        context.insert(rng.randint(0, len(context)), document)
    return context
