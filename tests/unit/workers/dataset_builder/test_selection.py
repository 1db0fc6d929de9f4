from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from schemas.artifacts import Evidence, GroundTruth, Sample
from schemas.recipe import QuestionType
from workers.dataset_builder.selection import clean_originals, in_order, select


def sample(id: str, question: str, document: str = "d", type: QuestionType = "fact") -> Sample:
    return Sample(
        id=id, documents=[document], type=type, question=question, answer="a", citations=["c"],
        evidence=[Evidence(chunk="c", quote="e")], language="en",
    )  # fmt: skip


def pair(id: str, question: str) -> GroundTruth:
    return GroundTruth(id=id, question=question, answer="a", references=["https://x.example"])


def test_what_the_evaluation_set_asks_is_taken_out_of_both_kinds() -> None:
    held = [pair("e1", "How long is an activation code valid for a consumer?")]
    leak = "How long is an activation code valid for the consumer?"
    chosen = select([sample("s1", leak), sample("s2", "What is the EID?")], seed=1, train=[], evaluation=held, types={})
    assert [s.id for s in chosen.samples] == ["s2"]
    assert chosen.removed == {"contaminated": 1}
    train, removed = clean_originals([pair("t1", leak), pair("t2", "What is an APN?")], held)
    assert ([p.id for p in train], removed) == (["t2"], ["t1"])


def test_a_question_is_kept_once_over_the_whole_corpus() -> None:
    samples = [
        sample("s1", "What is the default APN of the network?", "d1"),
        sample("s2", "What is the default APN of the network", "d2"),
    ]
    chosen = select(samples, seed=1, train=[pair("t1", "Which bands does the router use?")], evaluation=[], types={})
    assert len(chosen.samples) == 1
    assert chosen.removed == {"near_duplicate": 1}


@given(st.randoms())
def test_any_prefix_spans_the_documents_whatever_the_input_order(rng: random.Random) -> None:
    samples = [sample(f"{d}{i}", f"question {d} {i}", d) for d in "abcd" for i in range(5)]
    ordered = in_order(samples, {"fact": 1}, seed=3)
    rng.shuffle(samples)
    assert in_order(samples, {"fact": 1}, seed=3) == ordered
    assert {s.documents[0] for s in ordered[:4]} == set("abcd")


def test_any_prefix_has_the_mix_of_types_as_far_as_there_are_samples() -> None:
    weights: dict[QuestionType, float] = {"fact": 2, "table": 1, "procedure": 1}
    samples = [sample(f"{t}{i}", f"question {t} {i}", f"d{i}", t) for t in weights for i in range(8)]
    ordered = in_order(samples, weights, seed=3)
    for length in (4, 8, 12):
        assert Counter(s.type for s in ordered[:length]) == {
            "fact": length / 2,
            "table": length / 4,
            "procedure": length / 4,
        }
    assert len(ordered) == 24
