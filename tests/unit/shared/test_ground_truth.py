from __future__ import annotations

import pytest

from shared.errors import BadGroundTruth
from shared.ground_truth import read_ground_truth


def problems(name: str, text: str) -> list[str]:
    with pytest.raises(BadGroundTruth) as error:
        read_ground_truth(name, text.encode())
    return error.value.problems


def test_json_lines_and_csv_read_alike() -> None:
    lines = '{"id":"a","question":"Q?","answer":"A, b.","references":["https://x/1","https://x/2"]}\n\n'
    table = 'id,question,answer,references\na,Q?,"A, b.",https://x/1 | https://x/2\n'
    assert read_ground_truth("gt.jsonl", lines.encode("utf-8-sig")) == read_ground_truth("gt.CSV", table.encode())


def test_a_pair_may_name_the_documents_that_it_is_answered_from() -> None:
    lines = (
        '{"id":"0","question":"Q?","answer":"A","references":["https://x/1"],"documents":["https://x/2 ","https://x/1"]}\n'
        '{"id":"b","question":"Q?","answer":"A","references":["https://x/1"],"documents":[]}\n'
    )
    table = "id,question,answer,references,documents\n0,Q?,A,https://x/1,https://x/2|https://x/1\nb,Q?,A,https://x/1,\n"
    pairs = read_ground_truth("gt.jsonl", lines.encode())
    assert [pair.documents for pair in pairs] == [["https://x/2", "https://x/1"], []]
    assert read_ground_truth("gt.csv", table.encode()) == pairs


@pytest.mark.parametrize(
    ("documents", "told"),
    [('"https://x/1"', "documents must be a list of links"), ("[1]", "documents must be a list of links"),
     ('["guide"]', "document 'guide' is no link; write it whole, as in https://…")],
)  # fmt: skip
def test_a_document_that_is_no_link_is_a_mistake_of_its_line(documents: str, told: str) -> None:
    pair = f'{{"id":7,"question":"Q","answer":"A","references":["https://x"],"documents":{documents}}}'
    assert problems("gt.jsonl", f"\n{pair}\n") == [f"gt.jsonl line 2: {told}"]


def test_every_mistake_is_named_with_its_line() -> None:
    found = problems(
        "gt.jsonl",
        '{"id":"a","question":"Q","answer":"A","references":["https://x"]}\n'
        '{"id":"a","question":"Q","answer":" ","references":["x"]}\n'
        "{broken\n"
        "[1]\n"
        '{"id":"b","question":3,"references":[]}\n',
    )
    assert [problem.split(":")[0] for problem in found] == [f"gt.jsonl line {n}" for n in (2, 2, 2, 3, 4, 5, 5, 5)]
    assert any("stands already on line 1" in problem for problem in found)
    assert any("answer is missing" in problem for problem in found)


def test_mistakes_in_csv_are_named_with_their_line() -> None:
    assert problems("gt.csv", "id,question\n") == [
        "gt.csv line 1: the header has no column answer, references; write `id,question,answer,references`"
    ]
    found = problems("gt.csv", "id,question,answer,references\na,Q,A,https://x,more\nb,Q,A,\nc,Q\n")
    assert [problem.split(":")[0] for problem in found] == [f"gt.csv line {n}" for n in (2, 3, 4, 4)]


def test_an_empty_file_is_a_mistake() -> None:
    assert problems("gt.jsonl", "\n") == [
        "gt.jsonl there are no pairs in it; write one JSON object a line, or CSV rows under the header"
    ]


def test_a_number_serves_as_an_id() -> None:
    (pair,) = read_ground_truth("gt.jsonl", b'{"id":7,"question":"Q","answer":"A","references":["https://x"]}')
    assert pair.id == "7"


def test_text_in_another_encoding_is_named() -> None:
    with pytest.raises(BadGroundTruth, match="line 2: it is not UTF-8"):
        read_ground_truth("gt.jsonl", b"\n" + '{"id": "한"}'.encode("cp949"))


def test_a_pair_may_say_its_type_and_topic() -> None:
    lines = (
        '{"id":"a","question":"Q?","answer":"A","references":["https://x/1"],"type":" fact ","topic":"billing"}\n'
        '{"id":"b","question":"Q?","answer":"A","references":["https://x/1"],"topic":null}\n'
    )
    table = "id,question,answer,references,type,topic\na,Q?,A,https://x/1,fact,billing\nb,Q?,A,https://x/1,,\n"
    pairs = read_ground_truth("gt.jsonl", lines.encode())
    assert [(pair.type, pair.topic) for pair in pairs] == [("fact", "billing"), (None, None)]
    assert read_ground_truth("gt.csv", table.encode()) == pairs


def test_a_type_that_is_no_text_is_a_mistake() -> None:
    pair = '{"id":7,"question":"Q","answer":"A","references":["https://x"],"type":["fact"]}'
    assert problems("gt.jsonl", pair) == ['gt.jsonl line 1: type is ["fact"]; it must be a text, or be left out']
