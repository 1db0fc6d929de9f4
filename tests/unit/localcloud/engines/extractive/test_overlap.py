"""The measure that training follows agrees with ROUGE where both are defined."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st
from rouge_score.rouge_scorer import RougeScorer

from localcloud.engines.extractive.overlap import longest_common, overlap, tokens

WORDS = st.lists(st.sampled_from(["ab", "cd", "ef", "gh"]), min_size=1, max_size=20)


@given(WORDS, WORDS)
def test_it_is_the_mean_of_rouge_1_and_rouge_l(a: list[str], b: list[str]) -> None:
    scores = RougeScorer(["rouge1", "rougeL"]).score(" ".join(b), " ".join(a))
    assert abs(overlap(a, b) - (scores["rouge1"].fmeasure + scores["rougeL"].fmeasure) / 2) < 1e-9


@given(WORDS, WORDS)
def test_the_longest_common_subsequence_does_not_depend_on_the_order_of_its_texts(a: list[str], b: list[str]) -> None:
    assert longest_common(a, b) == longest_common(b, a) <= min(len(a), len(b))


def test_links_do_not_count_and_hangul_counts_by_syllable() -> None:
    assert tokens("요금은 5G [표](https://x/y)\n\nSources: <https://x/z>") == ("요", "금", "은", "5g", "표")


def test_nothing_overlaps_with_nothing() -> None:
    assert overlap([], ["a"]) == overlap(["a"], []) == 0.0
