"""Tasks as CSV, and what raters filled in."""

from __future__ import annotations

import csv
import io
import json

import pytest

from schemas.artifacts import RetrievedDocument
from schemas.people import RankingAnswer, RankingTask
from shared.errors import BadInput
from workers.scorer.people.formats import read_answers, tasks_csv

DOCUMENT = RetrievedDocument(chunk="c", url="https://x.example/a", title="Guide", text="Press it.")
TASK = RankingTask(
    id="t1", rater="r", place=1, question="재설정은, 어떻게?", answers={"A": "Press\nit.", "B": '=HYPERLINK("x")'},
    gold="Press.", documents=[DOCUMENT],
)  # fmt: skip


def rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_a_row_holds_a_task_and_columns_to_fill_in() -> None:
    (row,) = rows(tasks_csv([TASK]))
    assert row["task"] == "t1"
    assert row["question"] == "재설정은, 어떻게?"
    assert row["A"] == "Press\nit."
    assert row["gold"] == "Press."
    assert row["documents"] == "Guide <https://x.example/a>\nPress it."
    assert {"rank_A", "rank_B", "skipped"} <= row.keys()


def test_no_answer_is_a_formula() -> None:
    assert rows(tasks_csv([TASK]))[0]["B"] == '\'=HYPERLINK("x")'


def test_what_is_filled_in_is_read_back() -> None:
    lines = tasks_csv([TASK, TASK.model_copy(update={"id": "t2"}), TASK.model_copy(update={"id": "t3"})])
    filled = rows(lines)
    filled[0] |= {"rank_A": "2", "rank_B": "1"}
    filled[2] |= {"skipped": "unclear"}
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, filled[0])
    writer.writeheader()
    writer.writerows(filled)
    said = read_answers("back.CSV", out.getvalue().encode("utf-8-sig"))
    assert [answer for _, answer in said] == [
        RankingAnswer(task="t1", ranks={"A": 2, "B": 1}), RankingAnswer(task="t3", skipped="unclear"),
    ]  # fmt: skip


def test_json_lines_may_hold_ranks_or_points() -> None:
    body = '{"task":"t1","ranks":{"A":1,"B":2}}\n\n{"task":"t2","points":{"A":1.5,"B":1.5}}\n'
    assert read_answers("back.jsonl", body.encode()) == [
        (1, RankingAnswer(task="t1", ranks={"A": 1, "B": 2})),
        (3, RankingAnswer(task="t2", points={"A": 1.5, "B": 1.5})),
    ]


def test_every_line_that_cannot_be_read_is_named() -> None:
    body = "{\n" + json.dumps({"ranks": {}}) + "\n" + json.dumps({"task": "t", "ranks": {"A": "first"}})
    with pytest.raises(BadInput) as raised:
        read_answers("back.jsonl", body.encode())
    told = str(raised.value).split("\n")
    assert [line.split(":")[0] for line in told] == [f"back.jsonl line {n}" for n in (1, 2, 3)]


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"a,b\n1,2\n", "line 1: the header has no column task"),
        (b"task,rank_A\nt1,first\n", "line 2: ranks.A"),
        ("task,skipped\nt,읽을 수 없음\n".encode("cp949"), "is not UTF-8"),
    ],
)
def test_a_csv_that_cannot_be_read_is_told(body: bytes, told: str) -> None:
    with pytest.raises(BadInput, match=told):
        read_answers("back.csv", body)
