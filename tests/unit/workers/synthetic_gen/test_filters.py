from __future__ import annotations

import pytest

from schemas.artifacts import Chunk
from workers.synthetic_gen.filters import Setting, judge, question_key
from workers.synthetic_gen.replies import Draft, Malformed, parse_reply

CHUNK = Chunk(id="c1", document="d", text="A code is valid\nfor 14 days.", start=0, end=28)
SETTING = Setting([CHUNK], "en", max_answer_words=8)
GOOD = Draft(question="How long is a code valid?", answer="14 days.", citations=[1], evidence="valid for 14 days")


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({}, None),
        ({"citations": [2]}, "citation"),
        ({"citations": [0]}, "citation"),
        ({"evidence": "valid for 15 days"}, "evidence"),
        ({"answer": "See https://x.example/a."}, "links"),
        ({"question": "코드는 얼마나 유효합니까?", "answer": "14일 동안 유효합니다."}, "language"),
        ({"answer": "one two three four five six seven eight nine"}, "length"),
    ],
)
def test_the_first_filter_that_refuses_names_its_code(change: dict[str, object], code: str | None) -> None:
    verdict = judge(GOOD.model_copy(update=change), SETTING)
    assert (verdict and verdict[0]) == code


def test_case_spaces_and_punctuation_do_not_make_another_question() -> None:
    assert question_key("What is  an APN?") == question_key("what is an apn")


@pytest.mark.parametrize(
    "reply", ["no json", '{"question": "q"}', "", '[{"question": "q", "answer": "a", "citations": [1], "evidence": "e"']
)
def test_a_reply_that_is_no_json_array_is_one_malformed_entry(reply: str) -> None:
    (entry,) = parse_reply(reply)
    assert isinstance(entry, Malformed)


def test_good_and_bad_elements_of_a_reply_are_told_apart() -> None:
    reply = '```json\n[{"question": "q", "answer": "a", "citations": [1], "evidence": "e"}, {"question": "q"}, 7]\n```'
    first, second, third = parse_reply(reply)
    assert isinstance(first, Draft)
    assert isinstance(second, Malformed) and "answer" in second.problem
    assert isinstance(third, Malformed)
