"""A sample with all that a person needs to judge it: its sources, its evidence in place, what became of it. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from schemas.artifacts import (
    Chunk,
    Evidence,
    RejectedSample,
    RemovedSample,
    RetrievedDocument,
    Sample,
    SnapshotDocument,
    TrainingExample,
)
from shared.text.language import detect_language
from shared.text.quotes import Piece, find_quote, highlighted

Outcome = Literal["kept", "used", "unused", "removed", "rejected"]
"""``kept``: no dataset is built yet; ``unused``: kept, and no arm took it; ``removed``: kept, and taken out later."""


@dataclass(frozen=True)
class Passage:
    """A chunk that a sample rests on. ``missing``: quotes that are said to stand in it, and do not.

    ``withheld``: it answers the question, and the model never sees it.
    """

    title: str
    url: str
    section: Sequence[str] = ()
    page: int | None = None
    pieces: Sequence[Piece] = ()
    missing: Sequence[str] = ()
    withheld: bool = False


@dataclass(frozen=True)
class SampleView:
    """What is shown of a sample. ``documents`` are keys; ``arms`` are the names of those that were trained on it."""

    id: str
    outcome: Outcome
    question: str
    answer: str
    language: str
    type: str | None = None
    persona: str = ""
    difficulty: str = ""
    documents: Sequence[str] = ()
    passages: Sequence[Passage] = ()
    arms: Sequence[str] = ()
    code: str = ""
    message: str = ""
    evaluation: str | None = None
    similarity: float | None = None
    like: str = ""

    @property
    def unreadable(self) -> bool:
        """Whether it is a piece of the teacher's reply that could not be read as a sample."""
        return self.outcome == "rejected" and self.type is None


@dataclass(frozen=True)
class Library:
    """What samples speak of: documents and chunks, by id."""

    documents: Mapping[str, SnapshotDocument]
    chunks: Mapping[str, Chunk]

    def keys(self, documents: Sequence[str]) -> list[str]:
        """The documents as a person knows them; an unknown one by its id."""
        return [self.documents[name].key if name in self.documents else name for name in documents]

    def passage(self, chunk: str, evidence: Sequence[Evidence], *, withheld: bool = False) -> Passage:
        """The chunk with the evidence that is said to stand in it."""
        quotes = [part.quote for part in evidence if part.chunk == chunk]
        known = self.chunks.get(chunk)
        if known is None:
            return Passage(chunk, "", missing=quotes, withheld=withheld)
        document = self.documents.get(known.document)
        title, url = (document.title, document.url) if document else (known.document, "")
        spans = {quote: find_quote(quote, known.text) for quote in quotes}
        return Passage(
            title=title,
            url=url,
            section=known.section[1:] if known.section[:1] == [title] else known.section,
            page=known.page,
            pieces=highlighted(known.text, [span for span in spans.values() if span]),
            missing=[quote for quote, span in spans.items() if span is None],
            withheld=withheld,
        )


def kept_view(sample: Sample, library: Library, outcome: Outcome, arms: Sequence[str] = ()) -> SampleView:
    """A sample that the filters kept."""
    cited = [library.passage(chunk, sample.evidence) for chunk in sample.citations]
    withheld = [library.passage(chunk, sample.evidence, withheld=True) for chunk in sample.withheld]
    return SampleView(
        id=sample.id,
        outcome=outcome,
        question=sample.question,
        answer=sample.answer,
        language=sample.language,
        type=sample.type,
        persona=sample.persona,
        difficulty=sample.difficulty,
        documents=library.keys(sample.documents),
        passages=[*cited, *withheld],
        arms=arms,
    )


def removed_view(removed: RemovedSample, library: Library) -> SampleView:
    """A sample that was kept, and taken out later."""
    return replace(
        kept_view(removed.sample, library, "removed"),
        code=removed.code,
        message=removed.message,
        evaluation=removed.evaluation,
        similarity=removed.similarity,
        like=removed.text,
    )


def rejected_view(rejected: RejectedSample, library: Library) -> SampleView:
    """A sample that a filter refused; without type it is a piece of a reply that could not be read."""
    chunks = dict.fromkeys([*rejected.citations, *(part.chunk for part in rejected.evidence)])
    return SampleView(
        id=rejected.id,
        outcome="rejected",
        question=rejected.question,
        answer=rejected.answer,
        language=detect_language(rejected.question),
        type=rejected.type,
        documents=library.keys(rejected.documents),
        passages=[library.passage(chunk, rejected.evidence) for chunk in chunks],
        code=rejected.code,
        message=rejected.message,
    )


def original_view(example: TrainingExample) -> SampleView:
    """A pair that a person wrote, with the documents that answer it."""
    own = [document for document in example.documents if document.url in example.references]
    return SampleView(
        id=example.id,
        outcome="used",
        question=example.question,
        answer=example.answer,
        language=detect_language(example.question),
        passages=[_unmarked(document) for document in own],
    )


def _unmarked(document: RetrievedDocument) -> Passage:
    return Passage(title=document.title, url=document.url, pieces=[Piece(document.text)])
