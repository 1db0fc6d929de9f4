"""Korean morphemes: what kiwipiepy finds, each text analysed once."""

from __future__ import annotations

from collections.abc import Sequence
from importlib.metadata import version
from typing import Any

import pytest

from workers.scorer.rouge import MemoryTokens, Rouge, coverage, morphemes
from workers.scorer.rouge.lines import LINE
from workers.scorer.rouge.morphemes import KoreanMorphemes


@pytest.fixture
def analysed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The lines that the model was asked about, from now on."""
    model = morphemes._model()
    asked: list[str] = []

    class Counting:
        def tokenize(self, lines: Sequence[str]) -> Any:
            asked.extend(lines)
            return model.tokenize(lines)

    monkeypatch.setattr(morphemes, "_model", Counting)
    return asked


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        ("요금제를 변경했습니다.", ["요금", "제", "를", "변경", "하", "었", "습니다"]),
        ("5G 7,700원", ["5", "g", "7,700", "원"]),
        ("\ud800 -- !", []),
        ("", []),
    ],
)
def test_particles_endings_and_numbers(text: str, tokens: list[str]) -> None:
    assert KoreanMorphemes()(text) == tokens


def test_lines_are_kept_apart() -> None:
    assert KoreanMorphemes().with_lines(["요금\n\n변경", ""]) == [("요금", LINE, LINE, "변경"), ()]


def test_other_particles_still_share_a_word() -> None:
    found = Rouge("ko-morph").score("요금제를 변경합니다", "요금제는 변경됩니다")
    assert found["rouge1"].fmeasure > 0.5
    assert Rouge("eojeol").score("요금제를 변경합니다", "요금제는 변경됩니다")["rouge1"].fmeasure == 0.0


def test_nothing_is_lost_but_punctuation() -> None:
    texts = ["요금제는 7,700원입니다!", "AMF는 UE의 ㅋㅋㅋ ② 𠮷野家で résumé", "했던 갔습니다"]
    assert coverage(KoreanMorphemes(), texts) == 1.0


def test_a_second_arm_pays_no_tokenization(analysed: list[str]) -> None:
    rouge = Rouge("ko-morph")
    rouge.score_batch(["참조 하나", "참조 둘"], ["답 하나", "답 둘"])
    assert len(analysed) == 4
    rouge.score_batch(["참조 하나", "참조 둘"], ["답 하나", "답 셋"])
    assert analysed[4:] == ["답 셋"]
    assert coverage(rouge.tokenizer, ["참조 하나", "답 셋"]) == 1.0
    assert len(analysed) == 5


def test_nor_does_a_run_again_with_the_same_tokens(analysed: list[str]) -> None:
    first, again = MemoryTokens(), MemoryTokens()
    expected = Rouge("ko-morph", cache=first).score("참조\n둘째 줄", "답")
    again.load(first.dump())
    analysed.clear()
    assert Rouge("ko-morph", cache=again).score("참조\n둘째 줄", "답") == expected
    assert analysed == []
    assert not again.changed


def test_the_signature_names_the_versions() -> None:
    versions = f"kiwipiepy-{version('kiwipiepy')}-model-{version('kiwipiepy_model')}"
    assert Rouge("ko-morph").signature("rouge3") == f"rouge|n=3|tok=ko-morph-{versions}|nfc|url=strip|stem=0"
