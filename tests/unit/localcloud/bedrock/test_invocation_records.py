from __future__ import annotations

import json

import pytest

from localcloud.bedrock.invocation_records import (
    Outcome,
    Record,
    input_names,
    manifest,
    output_key,
    output_lines,
    parse_records,
)  # fmt: skip

JOB = "arn:aws:bedrock:us-east-1:000000000000:model-invocation-job/abcdefghijkl"


@pytest.mark.parametrize(
    ("line", "record"),
    [
        ('{"recordId": "r", "modelInput": {"a": 1}}', Record("r", {"a": 1})),
        ('{"modelInput": {}}', Record("CALL0000001", {})),
        ("{torn", Record("CALL0000001", None, "line 1 is not valid JSON")),
        ("[1]", Record("CALL0000001", None, "line 1 is not a JSON object")),
        ('{"recordId": 7, "modelInput": {}}', Record("CALL0000001", None, "recordId in line 1 is not a text")),
        ('{"recordId": "r"}', Record("r", None, "modelInput in line 1 is not a JSON object")),
    ],
)
def test_a_line_becomes_a_record_or_its_problem(line: str, record: Record) -> None:
    assert parse_records(line.encode()) == [record]


def test_blank_lines_are_no_records_but_count_as_lines() -> None:
    assert [record.id for record in parse_records(b'\n{"modelInput": {}}\n\n{"modelInput": {}}\n')] == [
        "CALL0000002",
        "CALL0000004",
    ]


@pytest.mark.parametrize(
    ("key", "found", "names"),
    [
        ("in/a.jsonl", ["in/a.jsonl", "in/a.jsonl.old/b.jsonl"], {"in/a.jsonl": "a.jsonl"}),
        ("in", ["in/a.jsonl", "in/b/c.jsonl", "input.jsonl"], {"in/a.jsonl": "a.jsonl", "in/b/c.jsonl": "b/c.jsonl"}),
        ("in", ["in/d.txt", "input.jsonl"], {}),
        ("in/", ["in/a.jsonl"], {"in/a.jsonl": "a.jsonl"}),
        ("", ["a.jsonl", "b/c.jsonl"], {"a.jsonl": "a.jsonl", "b/c.jsonl": "b/c.jsonl"}),
        ("in/a.txt", ["in/a.txt"], {}),
    ],
)  # fmt: skip
def test_an_input_is_a_file_or_every_file_below_a_folder(key: str, found: list[str], names: dict[str, str]) -> None:
    assert input_names(key, found) == names


@pytest.mark.parametrize("prefix", ["out", "out/"])
def test_outputs_lie_in_the_jobs_own_folder(prefix: str) -> None:
    assert output_key(prefix, JOB, "b/c.jsonl") == "out/abcdefghijkl/b/c.jsonl.out"
    assert output_key("", JOB, "manifest.json") == "abcdefghijkl/manifest.json.out"


def test_outputs_come_last_record_first_and_are_counted_in_the_manifest() -> None:
    outcomes = [
        Outcome(Record("a", {"q": "질문"}), {"usage": {"inputTokens": 3, "outputTokens": 2}}),
        Outcome(Record("b", {}), {"embedding": [1.0], "inputTextTokenCount": 4}),
        Outcome(Record("c", None, "torn"), error_code=400, error_message="torn"),
    ]
    lines = [json.loads(line) for line in output_lines(outcomes).decode().splitlines()]
    assert [line["recordId"] for line in lines] == ["c", "b", "a"]
    assert lines[0] == {"recordId": "c", "error": {"errorCode": 400, "errorMessage": "torn"}}
    assert lines[2]["modelInput"] == {"q": "질문"} and "error" not in lines[2]
    assert json.loads(manifest(4, outcomes)) == {
        "totalRecordCount": 4, "processedRecordCount": 3, "successRecordCount": 2, "errorRecordCount": 1,
        "inputTokenCount": 7, "outputTokenCount": 2,
    }  # fmt: skip
