"""Training examples: each question with the documents that a model would be given for it. Pure.

The documents that answer stand among *distractors*: what retrieval ranks next, which is what the model will have to
tell apart. Their places are drawn uniformly, so that no place teaches anything. Of a question that shall go unanswered,
every document that could answer it is withheld.
"""

from __future__ import annotations

import math
import random
from collections import Counter
from collections.abc import Collection, Container, Mapping, Sequence

from schemas.artifacts import GroundTruth, RetrievedDocument, Sample, SnapshotDocument, TrainingExample
from shared.hybrid import POOL, Nearest
from shared.retrieval.corpus import CorpusIndex
from workers.dataset_builder.split import seeded


class ExampleMaker:
    """Makes examples over an index of training documents only."""

    def __init__(
        self, index: CorpusIndex, documents: Sequence[SnapshotDocument], *, top_k: int, seed: int,
        nearest: Nearest | None = None, barred: Container[str] = (),
    ) -> None:  # fmt: skip
        """``nearest``: of questions, what is to be retrieved for them; of others the index decides by words alone.
        ``barred``: chunks that are never shown."""
        self._index = index
        self._nearest = nearest or {}
        self._barred = barred
        self._document_of = {document.url: document.document for document in documents}
        self._url_of: Mapping[str, str] = {document.document: document.url for document in documents}
        self._group_of = {document.url: document.group for document in documents}
        self._top_k = top_k
        self._seed = seed

    def original(self, pair: GroundTruth) -> TrainingExample:
        """A ground-truth pair. Of each document that it refers to the chunk that suits the question best answers it."""
        best = (self._index.best_of(self._document_of[url], pair.question) for url in pair.references)
        oracle = [self._index.as_retrieved(chunk) for chunk in best if chunk]
        return TrainingExample(
            id=pair.id,
            kind="original",
            question=pair.question,
            answer=pair.answer,
            references=pair.references,
            oracle=[document.chunk for document in oracle],
            documents=self._placed(pair.id, oracle, self._retrieved(pair.question)),
        )

    def synthetic(self, sample: Sample) -> TrainingExample:
        """A synthetic sample; the chunks that hold its evidence are always among its documents, or never."""
        return self._refused(sample) if sample.withheld else self._answered(sample)

    def _answered(self, sample: Sample) -> TrainingExample:
        oracle = [self._index.as_retrieved(chunk) for chunk in sample.citations]
        references = [self._url_of[name] for name in sample.documents]
        return self._example(sample, references, oracle, self._retrieved(sample.question))

    def _refused(self, sample: Sample) -> TrainingExample:
        """Nothing of the evidence's document groups is shown, nor what says the same elsewhere."""
        barred = {self._group_of[self._url_of[document]] for document in sample.documents}
        quotes = [part.quote for part in sample.evidence]
        found = [
            document
            for document in self._retrieved(sample.question)
            if self._group_of[document.url] not in barred and not any(quote in document.text for quote in quotes)
        ]
        return self._example(sample, [], [], found)

    def _example(
        self, sample: Sample, references: Sequence[str], oracle: Sequence[RetrievedDocument],
        found: Sequence[RetrievedDocument],
    ) -> TrainingExample:  # fmt: skip
        return TrainingExample(
            id=sample.id,
            kind="synthetic",
            type=sample.type,
            question=sample.question,
            answer=sample.answer,
            references=list(dict.fromkeys(references)),
            oracle=[document.chunk for document in oracle],
            documents=self._placed(sample.id, oracle, found),
        )

    def _retrieved(self, question: str) -> Sequence[RetrievedDocument]:
        found = self._nearest.get(question) or self._index.retrieve(question, POOL * self._top_k)
        return [document for document in found if document.chunk not in self._barred]

    def _placed(
        self, id: str, oracle: Sequence[RetrievedDocument], found: Sequence[RetrievedDocument]
    ) -> list[RetrievedDocument]:
        """The chunks that answer and the best distractors, ``top_k`` in all, in a seeded order.

        At least half of the distractors are of other documents, as far as there are any: among chunks of one page every
        citation is right, and none is learnt.
        """
        needed = {document.chunk for document in oracle}
        groups = {self._group_of[document.url] for document in oracle}
        rest = [document for document in found if document.chunk not in needed]
        others = [document for document in rest if self._group_of[document.url] not in groups]
        places = max(0, self._top_k - len(needed))
        far = others[: math.ceil(places / 2)]
        near = [document for document in rest if document not in far][: places - len(far)]
        context = list({document.chunk: document for document in [*oracle, *far, *near]}.values())
        random.Random(seeded(self._seed, f"context:{id}")).shuffle(context)
        return context


def oracle_places(examples: Collection[TrainingExample]) -> dict[int, int]:
    """How often a chunk that answers stands at each place, from 1: uniform, if all is well."""
    places = Counter(
        n for example in examples for n, document in enumerate(example.documents, 1) if document.chunk in example.oracle
    )
    return dict(sorted(places.items()))
