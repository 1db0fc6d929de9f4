"""Particles follow the sound on which a word ends."""

from __future__ import annotations

import pytest

from localcloud.engines.extractive.korean import with_particle


@pytest.mark.parametrize(
    ("word", "particle", "expected"),
    [
        ("요금제", "은", "요금제는"),
        ("회선", "은", "회선은"),
        ("단말", "이", "단말이"),
        ("망", "을", "망을"),
        ("번호", "과", "번호와"),
        ("등록", "과", "등록과"),
        ("단말", "으로", "단말로"),
        ("회선", "으로", "회선으로"),
        ("메뉴", "으로", "메뉴로"),
        ("T3512", "은", "T3512는"),
        ("T3510", "은", "T3510은"),
        ("H7", "으로", "H7로"),
        ("eSIM", "을", "eSIM을"),
        ("SMS", "을", "SMS를"),
        ("URL", "으로", "URL로"),
        ("`E-TRC-17`", "이", "`E-TRC-17`이"),
        ("월정액(부가세 포함)", "은", "월정액(부가세 포함)은"),
        ("사용자(ID)", "을", "사용자(ID)를"),
    ],
)
def test_a_word_gets_the_particle_that_its_last_sound_wants(word: str, particle: str, expected: str) -> None:
    assert with_particle(word, particle) == expected
