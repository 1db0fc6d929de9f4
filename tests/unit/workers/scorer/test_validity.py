"""When scores cannot be trusted, and what else a reader is told."""

from __future__ import annotations

from collections.abc import Sequence

from tests.unit.workers.scorer.making import BASELINE, BagOfWords, prediction, score, truth
from workers.scorer.embedding import VectorMemory
from workers.scorer.measures.measure import Measure
from workers.scorer.measures.similarity import Similarity
from workers.scorer.measures.wording import Wording
from workers.scorer.pairing import ArmResult
from workers.scorer.rouge import Rouge
from workers.scorer.validity import Validity, check


def checked(reference: str, answers: Sequence[str], tokenizer: str = "multilingual", window: int = 50) -> Validity:
    ids = [f"q{n}" for n in range(len(answers))]
    arm = ArmResult(
        BASELINE,
        scores={id: score(id, 0.5) for id in ids},
        predictions={id: prediction(id, answer) for id, answer in zip(ids, answers, strict=True)},
    )
    measures: list[Measure] = [Wording(Rouge(tokenizer)), Similarity(VectorMemory(BagOfWords(window)))]
    return check(measures, [truth(id, reference) for id in ids], [arm])


def test_a_tokenizer_that_drops_the_language_makes_the_run_invalid() -> None:
    korean = "요금제 변경은 고객센터에서 가능합니다"
    assert checked(korean, [korean] * 60) == Validity(True, [])
    found = checked(korean, [korean], tokenizer="default")
    assert not found.valid
    assert "'default' keeps only 0.0 %" in found.notes[0]


def test_links_do_not_count_towards_coverage() -> None:
    linked = "요금제 변경\n\n출처: <https://x.example/a/very/long/path/of/latin/letters/that/would/count>"
    assert not checked(linked, [linked], tokenizer="default").valid


def test_short_references_and_long_texts_are_told() -> None:
    found = checked("two words", ["one two three four"] * 30, window=3)
    assert found.valid
    assert found.notes == [
        "30 of 30 reference answers have fewer than three tokens: their ROUGE-3 is always 0.",
        "50.0 % of the texts exceed the embedding model's window; their vectors are means over windows.",
    ]


def test_few_questions_are_told() -> None:
    assert checked("a reference answer", ["an answer"] * 29).notes[0].startswith("Only 29 evaluation questions")


def test_nothing_scored_is_not_valid() -> None:
    assert checked("a reference", []) == Validity(False, ["No answer was scored."])
