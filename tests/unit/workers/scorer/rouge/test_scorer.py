"""What is done to texts before they are compared, and what a scorer says of itself."""

from __future__ import annotations

import itertools
import unicodedata

import numpy as np
import pytest

from shared.errors import BadInput
from tests.unit.workers.scorer.rouge.pairs import pairs
from workers.scorer.rouge import TYPES, Prf, Rouge, shorter_than, words_only

KOREAN = "요금제 변경은 고객센터에서 가능합니다."


@pytest.mark.parametrize("tokenizer", ["multilingual", "char", "eojeol"])
def test_an_identical_korean_pair_scores_one(tokenizer: str) -> None:
    found = Rouge(tokenizer).score(KOREAN, KOREAN)
    assert list(found) == list(TYPES)
    assert set(found.values()) == {Prf(1.0, 1.0, 1.0)}
    assert Rouge("default").score(KOREAN, KOREAN)["rouge1"] == Prf(0.0, 0.0, 0.0)


def test_links_do_not_count_as_words() -> None:
    rouge = Rouge()
    plain = rouge.score("Reset the router.", "Restart the router.")
    linked = "Restart the router.\n\nSources: <https://x.example/router/reset>"
    assert rouge.score("Reset the router.", linked) == plain
    assert Rouge(strip_links=False).score("Reset the router.", linked) != plain
    assert words_only("See [the guide](https://x.example/g).") == "See the guide."


def test_decomposed_text_is_composed_unless_told_otherwise() -> None:
    decomposed = unicodedata.normalize("NFD", KOREAN)
    assert Rouge("eojeol").score(KOREAN, decomposed)["rouge1"].fmeasure == 1.0
    assert Rouge("eojeol", nfc=False).score(KOREAN, decomposed)["rouge1"].fmeasure == 0.0


def test_precision_is_the_answers_and_recall_the_references() -> None:
    assert Rouge().score("one two three four", "one two")["rouge1"] == Prf(1.0, 0.5, 2 * 0.5 / 1.5)


def test_swapped_lines_are_found_by_lsum_alone() -> None:
    found = Rouge().score("one two\nthree four", "three four\none two")
    assert (found["rougeL"].fmeasure, found["rougeLsum"].fmeasure) == (0.5, 1.0)


def test_an_empty_answer_scores_zero() -> None:
    assert set(Rouge().score("Reset the router.", "").values()) == {Prf(0.0, 0.0, 0.0)}


def test_texts_too_short_for_trigrams_are_counted() -> None:
    rouge = Rouge()
    assert rouge.score("two words", "two words")["rouge3"].fmeasure == 0.0
    assert shorter_than(rouge.tokenizer, ["two words", "three whole words", ""], 3) == 2


@pytest.mark.parametrize(
    ("rouge", "metric", "signature"),
    [
        (Rouge(), "rougeL", "rouge|n=L|tok=multilingual|nfc|url=strip|stem=0"),
        (Rouge("default", nfc=False, strip_links=False), "rouge1", "rouge|n=1|tok=default|raw|url=keep|stem=0"),
        (Rouge("char", stem=True), "rougeLsum", "rouge|n=Lsum|tok=char|nfc|url=strip|stem=1"),
    ],
)
def test_the_signature_names_what_the_number_depends_on(rouge: Rouge, metric: str, signature: str) -> None:
    assert rouge.signature(metric) == signature


def test_an_unknown_tokenizer_is_refused_with_the_known_ones() -> None:
    with pytest.raises(
        BadInput, match="'morph' is unknown; choose one of default, multilingual, ko-morph, char, eojeol"
    ):
        Rouge("morph")


@pytest.mark.parametrize("types", [["rouge0"], ["rouge10"], ["rouge1", "rougeW"], []])
def test_an_unknown_type_is_refused(types: list[str]) -> None:
    with pytest.raises(BadInput, match="choose from rouge1 to rouge9, rougeL and rougeLsum"):
        Rouge(types=types)


def test_a_batch_needs_as_many_answers_as_references() -> None:
    with pytest.raises(ValueError, match="shorter"):
        Rouge().score_batch(["one", "two"], ["one"])


def test_a_batch_of_nothing_has_no_rows() -> None:
    found = Rouge().score_batch([], [])
    assert len(found) == 0
    assert list(found) == []
    assert found.fmeasure("rouge1").shape == (0,)


def test_columns_and_rows_are_the_same_numbers() -> None:
    texts = pairs("english")[:20]
    found = Rouge().score_batch([reference for reference, _ in texts], [answer for _, answer in texts])
    assert found.values["rouge2"].shape == (20, 3)
    assert np.array_equal(found.fmeasure("rouge2"), [row["rouge2"].fmeasure for row in found])
    assert found[7] == list(found)[7]


def test_a_stream_without_end_is_scored_block_by_block() -> None:
    long = " ".join(map(str, range(5_000)))
    blocks = Rouge().score_stream(itertools.cycle([(long, long), (long, "")]))
    for block in itertools.islice(blocks, 3):
        assert 2 <= len(block) <= 40
        assert set(block.fmeasure("rougeL")) == {0.0, 1.0}
