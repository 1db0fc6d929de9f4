from __future__ import annotations

import json

import pytest

from localcloud.bedrock.trainingdata import MAX_ROWS, BadRow, parse_rows

NOVA = {
    "schemaVersion": "bedrock-conversation-2024",
    "system": [{"text": "s"}],
    "messages": [{"role": "user", "content": [{"text": "q"}]}, {"role": "assistant", "content": [{"text": "a"}]}],
}
CLAUDE = {"system": "s", "messages": [{"role": "user", "content": "q"}, {"role": "assistant", "content": "a"}]}
LLAMA = {"prompt": "q", "completion": "a"}


def lines(*rows: object) -> bytes:
    return "\n".join(json.dumps(row, ensure_ascii=False) for row in rows).encode()


def test_the_formats_of_three_families_are_taken_as_they_are() -> None:
    rows = [NOVA, CLAUDE, LLAMA, {"prompt": "질문", "completion": "답\u2028둘"}]
    assert parse_rows(lines(*rows) + b"\n", "s3://b/k.jsonl") == rows


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ([], "it must be a JSON object"),
        ({}, "it must have the key messages"),
        ({"prompt": "q"}, "completion must be text"),
        ({"prompt": " ", "completion": "a"}, "prompt must be text"),
        ({**CLAUDE, "system": 5}, "system must be text"),
        ({"messages": []}, "messages must be a list"),
        ({"messages": ["x"]}, "messages\\[0\\] must be an object"),
        ({"messages": CLAUDE["messages"][::-1]}, "messages\\[0\\].role must be user"),
        ({"messages": CLAUDE["messages"][:1]}, "the last message must be the assistant's"),
        ({"messages": [{"role": "user", "content": [{"image": {}}]}]}, "messages\\[0\\].content must be text"),
    ],
)
def test_a_bad_row_is_named_by_its_line(row: object, said: str) -> None:
    with pytest.raises(BadRow, match=rf"k\.jsonl, line 2: {said}"):
        parse_rows(lines(CLAUDE, row), "s3://b/k.jsonl")


@pytest.mark.parametrize("body", [b"", b"\n", b"{}x\n", b'{"prompt":"q","completion":"a"}\n\n'])
def test_what_is_no_json_lines_is_said_in_bedrocks_words(body: bytes) -> None:
    with pytest.raises(BadRow, match=r"Data files must conform to JSONL format"):
        parse_rows(body, "s3://b/k.jsonl")


def test_bytes_that_are_no_utf8_are_refused() -> None:
    with pytest.raises(BadRow, match="not UTF-8"):
        parse_rows(b"\xff\xfe", "s3://b/k.jsonl")


def test_too_many_rows_are_refused() -> None:
    with pytest.raises(BadRow, match="at most"):
        parse_rows(b"{}\n" * (MAX_ROWS + 1), "s3://b/k.jsonl")
