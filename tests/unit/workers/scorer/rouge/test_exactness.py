"""Every value is rouge-score's, bit for bit: alone and in a batch, stemmed or not, with its tokenizer or with ours."""

from __future__ import annotations

import random
from collections.abc import Sequence

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.workers.scorer.rouge.oracle import oracle, ours
from tests.unit.workers.scorer.rouge.pairs import ENGLISH, FAMILIES, Pair, giants, pairs
from workers.scorer.rouge import TYPES, Rouge, batch
from workers.scorer.rouge.union_lcs import union_hits

ALL = ("rouge1", "rouge2", "rouge3", "rouge4", "rouge9", "rougeL", "rougeLsum")


def check(rouge: Rouge, texts: Sequence[Pair], expected: Sequence[object]) -> None:
    """In one batch and one by one."""
    batch = rouge.score_batch([reference for reference, _ in texts], [answer for _, answer in texts])
    for pair, wanted, row in zip(texts, expected, batch, strict=True):
        assert ours(row) == wanted, f"in a batch: {pair!r}"
        assert ours(rouge.score(*pair)) == wanted, f"alone: {pair!r}"


@pytest.mark.parametrize("stem", [False, True])
@pytest.mark.parametrize("family", FAMILIES)
def test_raw_text_scores_as_rouge_score_does(family: str, stem: bool) -> None:
    texts = pairs(family)
    rouge = Rouge("default", ALL, stem=stem, nfc=False, strip_links=False)
    check(rouge, texts, oracle(texts, ALL, stem=stem))


def test_there_are_enough_of_them() -> None:
    assert sum(count for _, count in FAMILIES.values()) >= 6000


@pytest.mark.parametrize("stem", [False, True])
def test_giants(stem: bool) -> None:
    check(Rouge("default", stem=stem, nfc=False, strip_links=False), giants(), oracle(giants(), TYPES, stem=stem))


def test_2500_words_against_2500() -> None:
    rng = random.Random(3)
    texts = [(" ".join(rng.choices(ENGLISH, k=2500)), " ".join(rng.choices(ENGLISH, k=2500)))]
    types = ("rouge2", "rougeL")
    check(Rouge("default", types, nfc=False, strip_links=False), texts, oracle(texts, types))


@pytest.mark.parametrize("name", ["multilingual", "char", "eojeol", "ko-morph"])
@pytest.mark.parametrize("family", ["junk", "korean"])
def test_our_tokenizers_given_to_rouge_score_change_nothing(name: str, family: str) -> None:
    texts = pairs(family)[:300]
    rouge = Rouge(name, nfc=False, strip_links=False)
    check(rouge, texts, oracle(texts, TYPES, tokenizer=rouge.tokenizer))


@pytest.mark.parametrize("types", [("rougeLsum",), ("rougeL",), ("rouge5",), ("rougeLsum", "rouge2")])
def test_any_selection_of_types_in_its_order(types: Sequence[str]) -> None:
    texts = pairs("english")[:50]
    rouge = Rouge("default", types, nfc=False, strip_links=False)
    assert list(rouge.score(*texts[0])) == list(types)
    check(rouge, texts, oracle(texts, types))


def test_a_block_with_too_many_lines_is_not_worked_on_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = [("\n".join(reference), "\n".join(answer)) for reference, answer in pairs("tiny")[:200]]
    one_by_one: list[Sequence[str]] = []

    def counted(reference: Sequence[str], answer: Sequence[str]) -> int:
        one_by_one.append(reference)
        return union_hits(reference, answer)

    monkeypatch.setattr(batch, "MOST_STEPS", 3000)
    monkeypatch.setattr(batch, "union_hits", counted)
    rouge = Rouge("default", ("rougeLsum",))
    check(rouge, texts, oracle(texts, rouge.types))
    assert 0 < len(one_by_one) < len(texts)


LINES = st.lists(st.text("abc", max_size=70), max_size=5).map(lambda lines: "\n".join(" ".join(line) for line in lines))


@given(st.lists(st.tuples(LINES, LINES), max_size=8))
def test_a_batch_scores_as_its_pairs_do(texts: list[Pair]) -> None:
    rouge = Rouge("default")
    batch = rouge.score_batch([reference for reference, _ in texts], [answer for _, answer in texts])
    assert list(batch) == [rouge.score(*pair) for pair in texts]
