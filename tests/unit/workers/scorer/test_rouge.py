"""ROUGE is rouge-score's, number for number; only links and scripts are treated with more care."""

from __future__ import annotations

import json
import random
from pathlib import Path

import pytest
from rouge_score.rouge_scorer import RougeScorer

from workers.scorer.rouge import TYPES, Rouge

DATA = Path(__file__).parents[5] / "shared" / "data" / "rouge"
WORDS = ["the", "AMF", "registers", "a", "UE,", "the", "SMF", "up", "2", "PDU", "sessions.", "doesn't", "re-use"]


@pytest.mark.parametrize("pair", [0, 1])
def test_published_values(pair: int) -> None:
    if not DATA.is_dir():
        pytest.skip(f"the published ROUGE pairs lie at {DATA}, which is missing")
    expected = json.loads((DATA / "expected_scores.json").read_text())[f"pair{pair}"]
    target, answer = ((DATA / f"{kind}.{pair}.txt").read_text() for kind in ("target", "prediction"))
    found = Rouge().score(target, answer)
    for name in ("rouge1", "rouge2", "rougeL"):
        assert found[name].fmeasure == pytest.approx(expected[name][2], abs=1e-5)


def test_random_english_pairs_equal_rouge_score_exactly() -> None:
    oracle, ours, rng = RougeScorer(list(TYPES)), Rouge(), random.Random(5)
    for _ in range(300):
        left, right = (" ".join(rng.choices(WORDS, k=rng.randrange(30))) for _ in range(2))
        expected, found = oracle.score(left, right), ours.score(left, right)
        assert [found[name].fmeasure for name in TYPES] == [expected[name].fmeasure for name in TYPES]


def test_an_identical_korean_pair_scores_one() -> None:
    text = "요금제 변경은 고객센터에서 가능합니다."
    values = Rouge().score(text, text)
    assert {found.fmeasure for found in values.values()} == {1.0}
    assert Rouge("default").score(text, text)["rouge1"].fmeasure == 0.0


def test_links_do_not_count_as_words() -> None:
    rouge = Rouge()
    plain = rouge.score("Reset the router.", "Restart the router.")
    linked = rouge.score("Reset the router.", "Restart the router.\n\nSources: <https://x.example/router/reset>")
    assert linked == plain


def test_an_empty_answer_scores_zero() -> None:
    values = Rouge().score("Reset the router.", "")
    assert {found.fmeasure for found in values.values()} == {0.0}


def test_the_signature_names_what_the_number_depends_on() -> None:
    assert Rouge().signature("rougeL") == "rouge|n=L|tok=multilingual|nfc|url=strip|stem=0|rouge-score=0.1.2"


def test_an_unknown_tokenizer_is_refused() -> None:
    with pytest.raises(KeyError, match="morph"):
        Rouge("morph")
