from __future__ import annotations

import pytest

from localcloud.bedrock.operations.word_policy import found_words, words_of


@pytest.mark.parametrize(
    ("words", "text", "found"),
    [
        (["refund"], "A REFUND, please", ["refund"]),
        (["refund"], "refunded prerefund refund2", []),
        (["환불"], "환불은 됩니다", ["환불"]),
        (["two words"], "these two words", ["two words"]),
        (["c++", "a.b"], "c++ and axb", ["c++"]),
        (["b", "a"], "a b", ["b", "a"]),
        ([], "anything", []),
    ],
)
def test_words_are_found_whole_whatever_their_case(words: list[str], text: str, found: list[str]) -> None:
    assert [each["match"] for each in found_words(words, text)] == found


def test_a_guardrail_without_words_has_none() -> None:
    assert words_of({}) == words_of({"wordPolicyConfig": {}}) == []
