from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workers.scorer.judge.blinding import blind


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("As Claude, I would say 5.", "As an assistant, I would say 5."),
        ("I am Amazon Nova Lite.", "I am an assistant Lite."),
        ("I'm GPT-4o and it is 5.", "I'm an assistant and it is 5."),
        ("저는 Claude입니다. 답은 5입니다.", "저는 어시스턴트입니다. 답은 5입니다."),
        ("Claude is a model.", "Claude is a model."),  # what a document says of models stays
        ("* one\n• two\n- three", "- one\n- two\n- three"),
        ("a\r\n\r\n\r\nb  \n \n c", "a\n\nb\n\n c"),
        ("2 * 3 = 6 and **bold**", "2 * 3 = 6 and **bold**"),
        (unicodedata.normalize("NFD", "요금"), "요금"),
        ("", ""),
    ],
)
def test_an_answer_is_shown_without_what_tells_who_wrote_it(answer: str, shown: str) -> None:
    assert blind(answer) == shown


@given(st.text(alphabet="ab \n\r\t*•-", max_size=40))
def test_what_is_blind_stays_as_it_is(answer: str) -> None:
    assert blind(blind(answer)) == blind(answer)
