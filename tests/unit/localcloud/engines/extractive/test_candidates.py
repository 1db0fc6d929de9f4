"""Documents come apart into sentences, items, steps, rows and commands."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from localcloud.engines.extractive.candidates import candidates, plain
from localcloud.engines.extractive.wording import put_into_words
from tests.unit.localcloud.engines.extractive.corpus import CODES, KOREAN, ROUTERS


def test_each_structure_gives_its_kind() -> None:
    assert {piece.kind for piece in candidates(ROUTERS.text)} == {"sentence", "step", "code"}
    assert {piece.kind for piece in candidates(CODES.text)} == {"row"}


def test_pieces_know_their_heading_and_their_place() -> None:
    pieces = candidates(ROUTERS.text)
    assert [piece.place for piece in pieces] == list(range(len(pieces)))
    assert next(piece for piece in pieces if piece.kind == "step").heading == "Restarting the router"


def test_a_command_keeps_the_comment_above_it() -> None:
    (command,) = [piece for piece in candidates(ROUTERS.text) if piece.kind == "code"]
    assert (command.text, command.lead) == ("hbctl status --radio", "Show the radio values")


def test_a_command_goes_on_after_a_backslash_and_over_indented_lines() -> None:
    text = "```\ncurl -X POST https://x \\\n  -d a=b\nls\n```"
    assert [piece.text for piece in candidates(text)] == ["curl -X POST https://x \\\n  -d a=b", "ls"]


def test_wrapped_lines_are_one_sentence() -> None:
    text = "The operator keeps every record of a call for thirteen\nmonths. Then it is deleted."
    assert [piece.text for piece in candidates(text)] == [
        "The operator keeps every record of a call for thirteen months.",
        "Then it is deleted.",
    ]


def test_emphasis_goes_and_code_stays() -> None:
    assert plain("**Dial** `*#*#4636#*#*` or *ask* [us](https://x/y)") == "Dial `*#*#4636#*#*` or ask us"


def test_a_row_says_the_column_that_is_asked_for() -> None:
    rows = [piece for piece in candidates(KOREAN.text) if piece.kind == "row"]
    said = put_into_words(rows[0], "하늘 라이트의 기본 데이터는 얼마인가요?")
    assert said == "하늘 라이트의 기본 데이터는 12GB입니다."
    assert put_into_words(rows[0], "하늘 라이트는 어떤가요?") == "하늘 라이트 – 월정액: 45,000원. 기본 데이터: 12GB."


@given(st.text(alphabet=st.sampled_from("ab .|#-*`1\n:한"), max_size=120))
def test_any_text_comes_apart_without_an_error(text: str) -> None:
    assert all(piece.text.strip() for piece in candidates(text))
