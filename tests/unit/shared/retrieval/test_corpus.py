from __future__ import annotations

import pytest

from shared.testing.indexes import index_of
from tests.unit.shared.retrieval.making import chunk, document


def test_results_carry_url_title_and_headings() -> None:
    chunks = [chunk("c1", "a", "A voucher lasts 24 hours.", section=["Limits"]), chunk("c2", "b", "voucher")]
    index = index_of([document("a", title="Guide")], chunks)
    (found,) = index.retrieve("voucher", 5)
    assert (found.url, found.title, found.text) == ("https://a.example", "Guide", "# Limits\nA voucher lasts 24 hours.")
    assert len(index) == 1


def test_a_chunk_is_found_by_its_title_and_headings() -> None:
    index = index_of([document("a", title="Guide")], [chunk("c1", "a", "text", section=["Limits"])])
    assert index.search("guide", 1) and index.search("limit", 1)


def test_the_best_chunk_of_a_document_falls_back_to_its_first() -> None:
    index = index_of([document("a")], [chunk("c2", "a", "later words", start=50), chunk("c1", "a", "first words")])
    assert index.best_of("a", "later") == "c2"
    assert index.best_of("a", "zebra") == "c1"
    assert index.best_of("unknown", "later") is None


def test_a_chunk_is_read_by_its_id_and_one_that_takes_no_part_is_unknown() -> None:
    documents, chunks = [document("a"), document("b")], [chunk("c1", "a", "one"), chunk("c2", "b", "two")]
    index = index_of(documents, chunks, among=documents[:1])
    assert index.chunk("c1") == chunks[0]
    for unknown in ("c2", "c0", "c9", "", "c1 and much more"):
        with pytest.raises(KeyError):
            index.as_retrieved(unknown)


def test_a_corpus_without_chunks_is_an_index_that_finds_nothing() -> None:
    index = index_of([document("a")], [])
    assert (len(index), list(index), index.search("x", 3), index.best_of("a", "x")) == (0, [], [], None)
    with pytest.raises(KeyError):
        index.chunk("c1")
