"""The judge prefers the answer that says more of the reference."""

from __future__ import annotations

import json

from localcloud.engines.contract import Request
from localcloud.engines.extractive import JUDGE, ExtractiveEngine


def verdict(a: str, b: str) -> str:
    user = (
        "<question>q</question><reference>Hold the button for 10 seconds.</reference>"
        f'<answer id="A">{a}</answer><answer id="B">{b}</answer>'
    )
    found: str = json.loads(ExtractiveEngine().converse(Request(JUDGE, None, "", user, 200)).text)["verdict"]
    return found


def test_the_nearer_answer_wins_in_either_place() -> None:
    good, bad = "Hold the button for 10 seconds.", "Buy a new router."
    assert (verdict(good, bad), verdict(bad, good)) == ("A", "B")


def test_equal_answers_tie() -> None:
    assert verdict("Hold the button.", "Hold the button.") == verdict("", "") == "tie"


def test_a_turn_without_its_parts_is_a_tie() -> None:
    assert json.loads(ExtractiveEngine().converse(Request(JUDGE, None, "", "?", 200)).text)["verdict"] == "tie"
