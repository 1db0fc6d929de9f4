from __future__ import annotations

import json
from typing import Any

import pytest

from schemas.artifacts import Chunk, Evidence, GroundTruth, Sample, SnapshotDocument
from shared.datasets.reserved import NOVA
from shared.testing.indexes import index_of
from workers.dataset_builder.examples import ExampleMaker, oracle_places
from workers.dataset_builder.rows import Rows

DOCUMENTS = [
    SnapshotDocument(
        document=f"d{i}",
        key=f"k{i}",
        url=f"https://x.example/{i}",
        title=f"Guide {i}",
        language="en",
        group=f"g{i // 2}",
    )
    for i in range(6)
]
CHUNKS = [
    Chunk(id=f"c{i}", document=f"d{i}", text=f"Router code number {i} word{i}", start=0, end=20) for i in range(6)
]
MAKER = ExampleMaker(index_of(DOCUMENTS, CHUNKS), DOCUMENTS, top_k=3, seed=7)


def test_a_referenced_document_that_retrieval_missed_is_among_the_documents() -> None:
    pair = GroundTruth(id="q", question="word1 word2 word3", answer="Yes.", references=["https://x.example/5"])
    example = MAKER.original(pair)
    assert "https://x.example/5" in [document.url for document in example.documents]
    assert len(example.documents) == 3


def sample(id: str = "s", **changes: Any) -> Sample:
    values: dict[str, Any] = {
        "documents": ["d4"],
        "type": "fact",
        "question": "Which code number has word1 word2?",
        "answer": "A",
        "citations": ["c4"],
        "evidence": [Evidence(chunk="c4", quote="code number 4")],
        "language": "en",
    }
    return Sample(id=id, **{**values, **changes})


def test_a_sample_always_sees_the_chunk_of_its_evidence() -> None:
    example = MAKER.synthetic(sample())
    assert "c4" in [document.chunk for document in example.documents]
    assert (len(example.documents), example.references) == (3, ["https://x.example/4"])


def test_a_sample_of_two_documents_sees_and_cites_both() -> None:
    example = MAKER.synthetic(sample(documents=["d4", "d0"], citations=["c4", "c0"]))
    assert {"c4", "c0"} <= {document.chunk for document in example.documents}
    assert example.references == ["https://x.example/4", "https://x.example/0"]


def test_what_could_answer_an_unanswerable_question_is_withheld_with_its_whole_group() -> None:
    refused = sample(type="unanswerable", answer="They do not say.", citations=[], withheld=["c4"])
    example = MAKER.synthetic(refused)
    assert example.documents and {d.chunk for d in example.documents} <= {"c0", "c1", "c2", "c3"}
    assert (example.answer, example.references) == ("They do not say.", [])


def test_no_distractor_says_what_was_withheld() -> None:
    copied = [
        *CHUNKS[:5],
        CHUNKS[0].model_copy(update={"id": "c0b", "text": "Word1 word2: Router code number 4 again"}),
    ]
    maker = ExampleMaker(index_of(DOCUMENTS, copied), DOCUMENTS, top_k=3, seed=7)
    refused = sample(type="unanswerable", answer="They do not say.", citations=[], withheld=["c4"])
    assert "c0b" not in [document.chunk for document in maker.synthetic(refused).documents]


def test_the_place_of_the_document_that_answers_is_uniform() -> None:
    pairs = [
        GroundTruth(
            id=f"q{i}", question=f"code number {i % 6}", answer="Yes.", references=[f"https://x.example/{i % 6}"]
        )
        for i in range(600)
    ]
    places = oracle_places([MAKER.original(pair) for pair in pairs])
    assert sum(places.values()) == 600
    assert sum((count - 200) ** 2 / 200 for count in places.values()) < 13.8  # chi-squared, p > 0.001


@pytest.mark.parametrize("format", ["converse", "claude", "completion", "openai", "sharegpt"])
def test_every_format_holds_system_question_documents_and_sources(format: str) -> None:
    pair = GroundTruth(id="q", question="word5?", answer="The answer.", references=["https://x.example/5"])
    (line,) = Rows([MAKER.original(pair)], "Be brief.").written(format).decode().splitlines()
    text = json.dumps(json.loads(line))
    assert all(part in text for part in ("Be brief.", "word5?", "<documents>", "Sources: <https://x.example/5>"))


def test_a_refusal_has_no_line_of_sources() -> None:
    refused = sample(type="unanswerable", answer="They do not say.", citations=[], withheld=["c4"])
    text = Rows([MAKER.synthetic(refused)], "Be brief.").written("openai").decode()
    assert "They do not say." in text and "Sources:" not in text


def test_words_that_the_model_family_forbids_are_rewritten_and_counted() -> None:
    pair = GroundTruth(id="q", question="What is User: root?", answer="User: root.", references=["https://x.example/5"])
    rows = Rows([MAKER.original(pair)] * 2, "Be brief.", NOVA)
    assert b"User:" not in rows.written("converse")
    assert rows.rewritten == {"User:": 4}
    rows.written("openai")
    assert rows.rewritten == {"User:": 4}


def test_half_of_the_distractors_are_of_other_documents_and_the_nearest() -> None:
    page = [
        Chunk(id=f"p{n}", document="d0", text=f"Router code number word1 word2 word{n}", start=n * 20, end=n * 20 + 20)
        for n in range(6)
    ]
    maker = ExampleMaker(index_of(DOCUMENTS, [*page, *CHUNKS[2:]]), DOCUMENTS, top_k=5, seed=7)
    example = maker.synthetic(sample(documents=["d0"], citations=["p0"]))
    shown = [document.url for document in example.documents]
    assert len(shown) == 5 and shown.count("https://x.example/0") == 3
    assert example.oracle == ["p0"]
