from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from schemas.artifacts import Chunk, SnapshotDocument
from shared.retrieval.bm25 import BM25, Passage
from shared.retrieval.corpus import CorpusIndex

PASSAGES = [
    Passage("attach", "The UE sends a registration request to the AMF."),
    Passage("roaming", "Data roaming limits apply abroad."),
    Passage("tariff", "요금제를 변경하면 다음 달부터 적용됩니다."),
]


def test_the_passage_that_shares_words_with_the_question_comes_first() -> None:
    index = BM25(PASSAGES)
    assert [hit.id for hit in index.search("registration requests", 3)] == ["attach"]
    assert index.search("요금제 변경은 언제 적용되나요?", 1)[0].id == "tariff"
    assert index.search("volcano", 3) == []


def test_excluded_passages_are_left_out() -> None:
    assert BM25(PASSAGES).search("registration", 3, exclude=["attach"]) == []


@given(st.randoms())
def test_the_order_of_the_input_changes_nothing(rng: random.Random) -> None:
    shuffled = PASSAGES[:]
    rng.shuffle(shuffled)
    assert BM25(shuffled).search("data registration 요금제", 3) == BM25(PASSAGES).search("data registration 요금제", 3)


def _chunk(id: str, document: str, text: str, start: int = 0) -> Chunk:
    return Chunk(id=id, document=document, text=text, section=["Limits"], start=start, end=start + len(text))


def test_results_carry_url_title_and_headings() -> None:
    documents = [SnapshotDocument(document="d1", key="k", url="https://a.example", title="Guide", language="en")]
    index = CorpusIndex(documents, [_chunk("c1", "d1", "A voucher lasts 24 hours."), _chunk("c2", "d2", "voucher")])
    (found,) = index.retrieve("voucher", 5)
    assert (found.url, found.title, found.text) == ("https://a.example", "Guide", "# Limits\nA voucher lasts 24 hours.")
    assert len(index) == 1


def test_the_best_chunk_of_a_document_falls_back_to_its_first() -> None:
    documents = [SnapshotDocument(document="d1", key="k", url="https://a.example", title="Guide", language="en")]
    index = CorpusIndex(documents, [_chunk("c2", "d1", "later words", 50), _chunk("c1", "d1", "first words")])
    assert index.best_of("d1", "later") == "c2"
    assert index.best_of("d1", "zebra") == "c1"
    assert index.best_of("unknown", "later") is None
