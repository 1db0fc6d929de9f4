"""Ground truth mapped to the documents of a snapshot."""

from __future__ import annotations

import pytest

from schemas.artifacts import GroundTruth, SnapshotDocument
from workers.dataset_builder.truth import resolve_references

GUIDE = SnapshotDocument(
    document="d", key="d", url="https://x.example/guide", title="", language="en", aliases=["https://old.example/g"]
)


def pair(documents: list[str]) -> GroundTruth:
    return GroundTruth(id="q", question="Q?", answer="A", references=["https://old.example/g#a"], documents=documents)


@pytest.mark.parametrize("given", [True, False])
def test_references_and_given_documents_are_named_by_their_primary_url(given: bool) -> None:
    (found,), failures = resolve_references([pair(["https://old.example/g/", GUIDE.url])], [GUIDE], given=given)
    assert (found.references, found.documents, failures) == ([GUIDE.url], [GUIDE.url], [])


def test_a_given_document_that_is_not_in_the_corpus_is_a_failure_only_where_it_is_needed() -> None:
    stray = [pair(["https://stray.example"])]
    known, failures = resolve_references(stray, [GUIDE], given=True)
    assert (known, [failure.code for failure in failures]) == ([], ["unknown_reference"])
    assert failures[0].message.startswith("https://stray.example is the URL of no document")
    assert len(resolve_references(stray, [GUIDE])[0]) == 1
