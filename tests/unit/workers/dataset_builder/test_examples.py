from __future__ import annotations

import json

from schemas.artifacts import Chunk, GroundTruth, Sample, SnapshotDocument
from shared.retrieval.corpus import CorpusIndex
from workers.dataset_builder.examples import ExampleMaker
from workers.dataset_builder.formats import FORMATS, write_rows

DOCUMENTS = [
    SnapshotDocument(document=f"d{i}", key=f"k{i}", url=f"https://x.example/{i}", title=f"Guide {i}", language="en")
    for i in range(6)
]
CHUNKS = [
    Chunk(id=f"c{i}", document=f"d{i}", text=f"Router code number {i} word{i}", start=0, end=20) for i in range(6)
]
MAKER = ExampleMaker(CorpusIndex(DOCUMENTS, CHUNKS), DOCUMENTS, top_k=3, seed=7)


def test_a_referenced_document_that_retrieval_missed_is_among_the_documents() -> None:
    pair = GroundTruth(id="q", question="word1 word2 word3", answer="Yes.", references=["https://x.example/5"])
    example = MAKER.original(pair)
    assert "https://x.example/5" in [document.url for document in example.documents]
    assert len(example.documents) == 3


def test_a_sample_always_sees_the_chunk_of_its_evidence() -> None:
    sample = Sample(
        id="s", document="d4", question="word1 word2", answer="A", citations=["c4"], evidence="e", language="en"
    )
    example = MAKER.synthetic(sample)
    assert "c4" in [document.chunk for document in example.documents]
    assert example.references == ["https://x.example/4"]


def test_the_place_of_the_missing_document_varies() -> None:
    places = set()
    for i in range(40):
        pair = GroundTruth(id=f"q{i}", question="word1 word2 word3", answer="Yes.", references=["https://x.example/5"])
        places.add([document.url for document in MAKER.original(pair).documents].index("https://x.example/5"))
    assert places == {0, 1, 2}


def test_every_format_holds_system_question_documents_and_sources() -> None:
    pair = GroundTruth(id="q", question="word5?", answer="The answer.", references=["https://x.example/5"])
    for format in FORMATS:
        (line,) = write_rows([MAKER.original(pair)], format=format, system="Be brief.").decode().splitlines()
        text = json.dumps(json.loads(line))
        assert all(part in text for part in ("Be brief.", "word5?", "<documents>", "Sources: <https://x.example/5>"))


def test_the_claude_format_has_the_keys_that_bedrock_demands_and_no_others() -> None:
    row = FORMATS["claude"]("S", "U", "A")
    assert row == {"system": "S", "messages": [{"role": "user", "content": "U"}, {"role": "assistant", "content": "A"}]}
