from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.workers.synthetic_gen.making import draft
from workers.synthetic_gen.replies import parse_reply, salvage

GOOD: dict[str, Any] = draft().model_dump()


@pytest.mark.parametrize("text", ["no json", '{"slot": 1}', "", "[" * 100_000, '[{"slot": 1, "none": "x"'])
def test_a_reply_that_is_no_json_array_is_one_malformed_part(text: str) -> None:
    reply = parse_reply(text, [1])
    assert (reply.drafts, len(reply.malformed)) == ([], 1)
    assert reply.problem


def test_good_and_bad_elements_are_told_apart_and_a_fence_is_no_fault() -> None:
    rows = [GOOD, {**GOOD, "slot": 2, "answer": " "}, {"slot": 3, "none": "no table"}, 7]
    reply = parse_reply(f"```json\n{json.dumps(rows)}\n```", [1, 2, 3, 4])
    assert [d.slot for d in reply.drafts] == [1]
    assert reply.nothing == {3: "no table"}
    problems = [part.problem for part in reply.malformed]
    assert [problem.split(":")[0] for problem in problems] == [
        "answer",
        "element",
        "slot 2 is missing",
        "slot 4 is missing",
    ]


@pytest.mark.parametrize("slots", [[2], []])
def test_what_nobody_asked_for_is_malformed(slots: list[int]) -> None:
    reply = parse_reply(json.dumps([GOOD]), slots)
    assert not reply.drafts and "slot 1 was not asked for" in reply.malformed[0].problem


def test_a_slot_filled_twice_counts_once() -> None:
    reply = parse_reply(json.dumps([GOOD, GOOD]), [1])
    assert (len(reply.drafts), len(reply.malformed)) == (1, 1)


@pytest.mark.parametrize("change", [{"citations": ["1"]}, {"citations": []}, {"type": "riddle"}, {"evidence": "words"}])
def test_nothing_is_guessed(change: dict[str, Any]) -> None:
    assert not parse_reply(json.dumps([{**GOOD, **change}]), [1]).drafts


@given(st.integers(0, 600))
def test_whole_elements_of_a_cut_reply_are_kept_and_the_rest_is_truncated(length: int) -> None:
    whole = json.dumps([{**GOOD, "slot": n} for n in (1, 2, 3)])
    reply = salvage(whole[:length], [1, 2, 3])
    assert len(reply.drafts) + len(reply.malformed) == 3
    assert [d.slot for d in reply.drafts] == [1, 2, 3][: len(reply.drafts)]
    assert {part.code for part in reply.malformed} <= {"truncated"}
    assert len(reply.drafts) == whole[:length].count('"}]}')
