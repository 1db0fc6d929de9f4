"""Texts of like meaning are nearer, without a word in common; what the vocabulary does not know says nothing."""

from __future__ import annotations

import subprocess
import sys

from localcloud.engines.extractive.meaning import likeness

QUESTION = "How do I restart the modem?"


def test_other_words_of_the_same_meaning_are_nearer_than_others() -> None:
    same, other = likeness(QUESTION, ["Rebooting a router", "Paying an invoice"])
    assert same > other


def test_a_text_is_most_like_itself() -> None:
    (own,) = likeness(QUESTION, [QUESTION])
    assert own == 1.0


def test_hangul_and_marks_say_nothing() -> None:
    assert likeness("모뎀을 다시 시작하려면?", ["모뎀을 다시 시작합니다.", "…", ""]).tolist() == [0.0, 0.0, 0.0]
    assert likeness("5G NR 설정은?", ["5G NR을 켭니다."])[0] == 1.0


def test_no_texts_have_no_likeness() -> None:
    assert likeness(QUESTION, []).tolist() == []


def test_torch_is_not_loaded_for_it() -> None:
    script = (
        "import sys\nfrom localcloud.engines.extractive.meaning import likeness\n"
        "likeness('a router', ['a modem'])\nprint('torch' in sys.modules)"
    )
    assert (
        subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True).stdout == "False\n"
    )
