"""The index on disk against the plain one in memory."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.artifacts import Chunk, SnapshotDocument
from shared.retrieval import bm25
from shared.retrieval.container import Array
from shared.testing.indexes import index_of
from tests.unit.shared.retrieval.making import chunk, document
from tests.unit.shared.retrieval.oracle import PlainIndex

WORDS = (
    "registration", "roaming", "limits", "the", "of", "AMF", "pdu-session", "v1.2/3", "요금제를", "변경하면", "다음",
    "달부터", "적용", "é", "ß", "漢字", "\u212b", "",
)  # fmt: skip
TEXTS = st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
CORPORA = st.lists(st.lists(TEXTS, max_size=5), max_size=5)
"""Texts of the chunks of each document."""


def corpus(texts: Sequence[Sequence[str]]) -> tuple[list[SnapshotDocument], list[Chunk]]:
    documents = [document(f"d{n}", title=WORDS[n]) for n in range(len(texts))]
    ids = random.Random(1).sample(range(1000), sum(map(len, texts)))
    chunks = [
        chunk(f"{ids.pop():03d}", f"d{n}", text, start=start)
        for n, own in enumerate(texts)
        for start, text in enumerate(own)
    ]
    return documents, chunks


@given(CORPORA, TEXTS, st.integers(0, 8))
def test_it_finds_what_the_plain_index_finds_with_the_same_scores_in_the_same_order(
    texts: list[list[str]], question: str, top_k: int
) -> None:
    documents, chunks = corpus(texts)
    index, plain = index_of(documents, chunks), PlainIndex(documents, chunks)
    assert [(hit.id, hit.score) for hit in index.search(question, top_k)] == [
        (hit.id, hit.score) for hit in plain.search(question, top_k)
    ]
    assert index.retrieve(question, top_k) == plain.retrieve(question, top_k)
    for name in ("d0", "d3", "unknown"):
        assert index.best_of(name, question) == plain.best_of(name, question)
    assert (len(index), list(index)) == (len(plain), chunks)


@given(CORPORA, TEXTS, st.sets(st.integers(0, 4)))
def test_over_some_documents_it_is_as_if_the_others_did_not_exist(
    texts: list[list[str]], question: str, some: set[int]
) -> None:
    documents, chunks = corpus(texts)
    among = [document for n, document in enumerate(documents) if n in some]
    index, plain = index_of(documents, chunks, among), PlainIndex(among, chunks)
    for _ in range(2):  # frequencies are remembered
        assert [(hit.id, hit.score) for hit in index.search(question, 4)] == [
            (hit.id, hit.score) for hit in plain.search(question, 4)
        ]
    assert [index.best_of(one.document, question) for one in documents] == [
        plain.best_of(one.document, question) for one in documents
    ]
    assert list(index) == [one for one in chunks if one.document in {d.document for d in among}]


@pytest.mark.parametrize("restricted", [False, True])
@pytest.mark.parametrize(("look_up", "probed"), [(0, 5), (0, bm25.PROBED), (bm25.LOOK_UP, bm25.PROBED)])
def test_going_through_fewer_postings_changes_nothing(
    monkeypatch: pytest.MonkeyPatch, restricted: bool, look_up: int, probed: int
) -> None:
    chance = random.Random(3)
    # words of many frequencies, so that rare ones decide the search before common ones are looked at
    words = [f"w{n}" for n in range(60)]
    weights = [1 / (n + 1) for n in range(60)]
    texts = [[" ".join(chance.choices(words, weights, k=30)) for _ in range(10)] for _ in range(12)]
    documents, chunks = corpus(texts)
    among = documents[:7] if restricted else documents
    index, plain = index_of(documents, chunks, among), PlainIndex(among, chunks)
    left_over: list[int] = []
    add = bm25.BM25._add

    def watched(self: bm25.BM25, term: bm25.Term, scores: Array, left: Array | None) -> None:
        left_over.append(len(scores) if left is None else len(left))
        add(self, term, scores, left)

    monkeypatch.setattr(bm25.BM25, "_add", watched)
    monkeypatch.setattr(bm25, "LOOK_UP", look_up)
    monkeypatch.setattr(bm25, "PROBED", probed)
    for common in (0, bm25.COMMON):
        monkeypatch.setattr(bm25, "COMMON", common)
        for _ in range(50):
            question = " ".join(chance.sample(words, 6))
            assert [(hit.id, hit.score) for hit in index.search(question, 3)] == [
                (hit.id, hit.score) for hit in plain.search(question, 3)
            ]
        assert (min(left_over) < 10) == (common == 0)
        left_over.clear()


def test_equal_scores_are_in_the_order_of_the_ids_whatever_their_places() -> None:
    documents = [document("a"), document("b")]
    chunks = [chunk(id, own, "the same words") for id, own in (("9", "a"), ("5", "a"), ("7", "b"), ("1", "b"))]
    assert [hit.id for hit in index_of(documents, chunks).search("words", 3)] == ["1", "5", "7"]


def test_korean_and_english_words_meet_across_endings() -> None:
    documents = [document("attach"), document("tariff")]
    chunks = [
        chunk("attach", "attach", "The UE sends a registration request to the AMF."),
        chunk("tariff", "tariff", "요금제를 변경하면 다음 달부터 적용됩니다."),
    ]
    index = index_of(documents, chunks)
    assert [hit.id for hit in index.search("registration requests", 3)] == ["attach"]
    assert index.search("요금제 변경은 언제 적용되나요?", 1)[0].id == "tariff"
    assert index.search("volcano", 3) == []


def test_a_question_of_any_characters_finds_nothing_without_harm() -> None:
    index = index_of([document("a")], [chunk("1", "a", "word")])
    assert index.search("\ud800 \0 zzz", 3) == []
    assert index.search("", 3) == []


def test_the_files_may_be_gone_once_the_index_is_open() -> None:
    index = index_of([document("a")], [chunk("1", "a", "word")])
    assert index.retrieve("word", 1)[0].text == "word"
