"""Rows that refuse are told from rows that answer."""

from __future__ import annotations

import pytest

from localcloud.engines.extractive.pool import make_pool
from localcloud.engines.extractive.refusing import is_refusal
from localcloud.engines.extractive.rows import Row
from schemas.artifacts import RetrievedDocument
from tests.unit.localcloud.engines.extractive.corpus import DOCUMENTS

NOTICE = RetrievedDocument(chunk="1", url="u", title="Notice", text="No documents are found in the old archive.")


def refuses(answer: str, *documents: RetrievedDocument) -> bool:
    return is_refusal(Row("", "", answer), make_pool("Where is it?", documents or DOCUMENTS))


@pytest.mark.parametrize(
    "answer",
    [
        "The documents do not say.",
        "The documents do not answer this question.",
        "This is not mentioned in the given documents.",
        "I could not find this in the sources.",
        "제공된 문서에는 해당 내용이 없습니다.",
        "제공된 문서에서 답을 찾을 수 없습니다.",
        "문서에 나온 정보로는 답변할 수 없습니다.",
    ],
)
def test_a_sentence_that_says_that_there_is_no_answer_refuses(answer: str) -> None:
    assert refuses(answer)


@pytest.mark.parametrize(
    "answer",
    [
        "The router holds up to 40 profiles in its memory.",
        "The router does not hold more than 40 profiles.",
        "한도를 넘으면 변경 신청이 자동으로 거절됩니다.",
        "The documents do not say.\n\nSources: <https://docs.example/routers>",
    ],
)
def test_an_answer_does_not(answer: str) -> None:
    assert not refuses(answer)


def test_a_documents_own_sentence_is_an_answer() -> None:
    assert not refuses(NOTICE.text, NOTICE)
