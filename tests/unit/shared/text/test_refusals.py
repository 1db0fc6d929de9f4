from __future__ import annotations

import json
from pathlib import Path

import pytest

from shared.prompting.library import refusals
from shared.text.refusals import is_refusal

DATA = Path(__file__).parents[5] / "shared" / "data" / "qa"


@pytest.mark.parametrize(
    "answer",
    [
        *refusals().values(),
        "The provided context doesn't contain information about roaming.",
        "The documents say nothing about refunds.",
        "This is not mentioned in the given documents.",
        "The question cannot be answered from the sources.",
        "I don't know.",
        "I could not find this.",
        "There is not enough information to answer.",
        "문서에서 해당 내용을 찾을 수 없습니다.",
        "제공된 자료에는 환불에 대한 설명이 나와 있지 않습니다.",
        "관련 정보가 없습니다.",
        "주어진 문서로는 답변할 수 없습니다.",
    ],
)
def test_answers_that_refuse(answer: str) -> None:
    assert is_refusal(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "",
        "Reset the router.",
        "Documents must not exceed 5 MB.",
        "The gateway cannot reach the host when DNS is down.",
        "No, the plan is not changed.",
        "정보를 저장하지 않습니다.",
        "해지하면 번호를 다시 쓸 수 없습니다.",
        "The documents do not answer this, see https://x.example/a",
        "The documents do not contain it. " + "But here is all that is known of it otherwise. " * 5,
    ],
)
def test_answers_that_do_not(answer: str) -> None:
    assert not is_refusal(answer)


def test_real_reference_answers_are_hardly_ever_taken_for_refusals() -> None:
    if not DATA.is_dir():
        pytest.skip(f"the published questions lie at {DATA}, which is missing")
    asked = json.loads((DATA / "anthropics__claude-cookbooks" / "questions.json").read_text())
    squad = json.loads((DATA / "google-deepmind__xquad" / "xquad.en.json").read_text())
    answers = [row["correct_answer"] for row in asked]
    paragraphs = [paragraph for page in squad["data"] for paragraph in page["paragraphs"]]
    answers += [qa["answers"][0]["text"] for paragraph in paragraphs for qa in paragraph["qas"]]
    assert len(answers) > 1000
    assert [answer for answer in answers if is_refusal(answer)] == []
