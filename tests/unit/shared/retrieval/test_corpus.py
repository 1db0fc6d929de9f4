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


GIVEN = [
    chunk("a1", "a", "voucher voucher"), chunk("a2", "a", "nothing", start=20), chunk("a3", "a", "voucher x", start=40),
    chunk("b1", "b", "nothing"), chunk("b2", "b", "voucher", start=20), chunk("c1", "c", "voucher"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("names", "top_k", "found"),
    [
        ("a", 9, ["a1", "a3", "a2"]),
        ("ba", 9, ["b2", "a1", "b1", "a3", "a2"]),
        ("ba", 3, ["b2", "a1", "b1"]),
        ("aa", 2, ["a1", "a3"]),
        ("za", 1, ["a1"]),
        ("", 3, []),
    ],
)
def test_given_documents_take_turns_each_with_its_best_chunk_first(names: str, top_k: int, found: list[str]) -> None:
    index = index_of([document("a"), document("b"), document("c")], GIVEN)
    retrieved = index.retrieve_among([f"https://{name}.example" for name in names], "voucher", top_k)
    assert [seen.chunk for seen in retrieved] == found


def test_every_given_document_is_seen_even_when_it_shares_no_word_with_the_question() -> None:
    index = index_of([document("a"), document("b")], GIVEN[:4])
    retrieved = index.retrieve_among(["https://b.example", "https://a.example"], "voucher", 2)
    assert [seen.chunk for seen in retrieved] == ["b1", "a1"]
