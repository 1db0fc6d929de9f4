"""chrF and character F1 against values worked out by hand and by sacrebleu."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu.metrics.chrf import CHRF

from tests.unit.workers.scorer.measures.batches import value
from workers.scorer.measures.characters import METRICS, Characters, char_f1, chrf
from workers.scorer.text_form import RAW


@pytest.mark.parametrize(
    ("reference", "answer", "expected"),
    [
        ("요금제 변경", "요금제 변경", 1.0),
        ("요금제 변경", "요금제변경!", 1.0),  # neither spaces nor punctuation count
        ("‘5G’ 요금제", "(5g) 요금제", 1.0),
        ("가나다라", "가나", 2 * 1.0 * 0.5 / 1.5),
        ("가가나", "가나나", 2 / 3),  # bags: the second 가 finds none
        ("가", "나", 0.0),
        ("가", "", 0.0),
        ("", "", 0.0),
    ],
)
def test_character_f1(reference: str, answer: str, expected: float) -> None:
    assert char_f1(reference, answer) == pytest.approx(expected)


def test_chrf_is_sacrebleus() -> None:
    reference, answer = "고객센터에서 요금제를 변경합니다", "요금제는 고객센터에서 변경 가능합니다"
    expected = CHRF().sentence_score(answer, [reference]).score / 100
    assert 0 < expected < 1
    assert chrf(reference, answer) == pytest.approx(expected, abs=1e-6)


@given(st.text(max_size=30), st.text(max_size=30))
def test_both_are_shares_and_character_f1_is_symmetric(left: str, right: str) -> None:
    assert 0.0 <= chrf(left, right) <= 1.0
    assert 0.0 <= char_f1(left, right) <= 1.0
    assert char_f1(left, right) == pytest.approx(char_f1(right, left))


@pytest.mark.parametrize("metric", METRICS)
def test_composition_and_links_count_only_where_texts_are_raw(metric: str) -> None:
    composed, links = "요금제 변경 안내", "요금제 변경 안내\n\n출처: <https://x.example/a>"
    decomposed = unicodedata.normalize("NFD", composed)
    assert value(Characters([metric]), composed, decomposed) == value(Characters([metric]), composed, links) == 1.0
    assert value(Characters([metric], RAW), composed, decomposed) != 1.0
    assert value(Characters([metric], RAW), composed, links) != 1.0
    assert Characters([metric]).signature(metric) != Characters([metric], RAW).signature(metric)


def test_the_signature_of_chrf_names_its_parameters() -> None:
    assert Characters(["chrf"]).signature("chrf").startswith("chrF2|case:mixed|eff:yes|nc:6|nw:0|space:no|version:2.")
