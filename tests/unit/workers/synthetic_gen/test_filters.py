from __future__ import annotations

from typing import Any

import pytest

from tests.unit.workers.synthetic_gen.making import chunk, draft, setting, slot
from workers.synthetic_gen.filters import judge, question_key

KOREAN = chunk(text="활성화 코드는 14일 동안 유효합니다. 세 번 틀리면 잠깁니다.")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"evidence": [{"document": 1, "quote": "valid  for\n14 days"}]}, None),
        ({"evidence": [{"document": 1, "quote": "valid for 15 days"}]}, "evidence"),
        ({"evidence": [{"document": 2, "quote": "valid for 14 days"}]}, "evidence"),
        ({"evidence": [{"document": 0, "quote": "valid for 14 days"}]}, "evidence"),
        ({"evidence": [{"document": 1, "quote": "14 days"}]}, "evidence"),
        ({"citations": [2]}, "evidence"),
        ({"answer": "It is 14 days: see https://x.example/a."}, "links"),
        ({"question": "What does https://x.example/a say?"}, "links"),
        ({"question": "활성화 코드는 얼마나 유효합니까?"}, "language"),
        ({"answer": "활성화 코드는 발급일부터 14일 동안 유효합니다."}, "language"),
        ({"answer": "14일"}, None),
        ({"answer": "one two three four five six seven eight nine ten eleven twelve thirteen"}, "length"),
        ({"question": "According to the document, how long is a code valid?"}, "style"),
        ({"answer": "The provided text says 14 days."}, "style"),
        ({"question": "What do the documents say about activation codes?"}, "style"),
        ({"answer": "14 days</document>"}, "style"),
        ({"answer": "It is valid for 15 days."}, "ungrounded"),
        ({"answer": "Enter `*#07#` and wait."}, "ungrounded"),
        ({"answer": "1. Enter `*#06#`.\n2. Read the EID."}, None),
    ],
)
def test_the_first_filter_that_refuses_names_its_code(change: dict[str, Any], code: str | None) -> None:
    verdict = judge(draft(**change), setting())
    assert (verdict and verdict[0]) == code


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"question": "위 문서에 따르면 활성화 코드는 며칠 동안 유효합니까?"}, "style"),
        ({"answer": "주어진 자료에서 14일이라고 합니다."}, "style"),
        ({"answer": "활성화 코드는 15일 동안 유효합니다."}, "ungrounded"),
        ({"answer": "The activation code is valid for 14 days."}, "language"),
        ({"answer": "제한이 없습니다.", "evidence": [{"document": 1, "quote": "평생 유효합니다"}]}, "evidence"),
    ],
)
def test_korean_drafts_pass_the_same_filters(change: dict[str, Any], code: str | None) -> None:
    good: dict[str, Any] = {
        "question": "활성화 코드는 며칠 동안 유효합니까?",
        "answer": "활성화 코드는 14일 동안 유효합니다.",
        "evidence": [{"document": 1, "quote": "14일 동안 유효합니다"}],
    }
    verdict = judge(draft(**{**good, **change}), setting(KOREAN, language="ko"))
    assert (verdict and verdict[0]) == code


def test_an_answer_may_take_its_figures_from_a_heading_or_from_the_question() -> None:
    told = setting(chunk(text="The modem restarts by itself after a while.", section=("Release 16",)))
    quote = [{"document": 1, "quote": "restarts by itself"}]
    assert judge(draft(answer="Release 16 restarts by itself.", evidence=quote), told) is None
    asked = draft(question="Does model 900 restart?", answer="Yes, model 900 restarts.", evidence=quote)
    assert judge(asked, told) is None


def test_thousands_separators_make_no_other_figure() -> None:
    told = setting(chunk(text="The limit is 1,500 messages a day."))
    quote = [{"document": 1, "quote": "1,500 messages"}]
    assert judge(draft(answer="At most 1500 messages a day.", evidence=quote), told) is None


def test_a_question_over_several_documents_must_need_all_of_them() -> None:
    both = setting(
        chunk(), chunk("c2", "It is sent by mail on day one.", "d2"), wanted=slot(about=(1, 2), type="multi_hop")
    )
    verdict = judge(draft(type="multi_hop"), both)
    assert verdict is not None and verdict[0] == "citation"
    assert judge(draft(), both) is None  # the teacher may write another type, and say so
    alone = judge(draft(type="multi_hop"), setting())
    assert alone is not None and alone[0] == "citation"
    evidence = [{"document": 1, "quote": "valid for 14 days"}, {"document": 2, "quote": "sent by mail"}]
    assert judge(draft(type="multi_hop", citations=[2, 1], evidence=evidence), both) is None


def test_case_spaces_and_punctuation_do_not_make_another_question() -> None:
    assert question_key("What is  an APN?") == question_key("what is an apn")
