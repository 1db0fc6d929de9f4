from __future__ import annotations

import random
from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from schemas.artifacts import Evidence, GroundTruth, Leak, Sample
from schemas.recipe import QuestionType
from workers.dataset_builder import selection
from workers.dataset_builder.selection import Known, clean_originals, in_order, select


def sample(id: str, question: str, document: str = "d", type: QuestionType = "fact") -> Sample:
    return Sample(
        id=id, documents=[document], type=type, question=question, answer="a", citations=["c"],
        evidence=[Evidence(chunk="c", quote="e")], language="en",
    )  # fmt: skip


def pair(id: str, question: str) -> GroundTruth:
    return GroundTruth(id=id, question=question, answer="a", references=["https://x.example"])


REWORDED = [
    f"{first} the {thing} of the {place} in {time}?"
    for first in ("What is", "What was")
    for thing in ("highest price", "lowest speed")
    for place in ("northern office", "old router")
    for time in ("winter", "a dry summer")
]


def test_what_the_evaluation_set_asks_is_taken_out_of_both_kinds() -> None:
    held = [pair("e1", "How long is an activation code valid for a consumer?")]
    leak = "How long is an activation code valid for the consumer?"
    chosen = select([sample("s1", leak), sample("s2", "What is the EID?")], Known([], held), types={}, seed=1)
    assert [s.id for s in chosen.samples] == ["s2"]
    assert chosen.removed == {"contaminated": 1}
    train, leaks = clean_originals(Known([pair("t1", leak), pair("t2", "What is an APN?")], held))
    assert ([p.id for p in train], [(found.id, found.evaluation) for found in leaks]) == (["t2"], [("t1", "e1")])


def test_a_question_is_kept_once_over_the_whole_corpus() -> None:
    samples = [
        sample("s1", "What is the default APN of the network?", "d1"),
        sample("s2", "What is the default APN of the network", "d2"),
    ]
    chosen = select(samples, Known([pair("t1", "Which bands does the router use?")], []), types={}, seed=1)
    assert len(chosen.samples) == 1
    assert chosen.removed == {"near_duplicate": 1}


def test_what_was_taken_out_is_listed_with_what_it_is_too_like() -> None:
    known = Known([pair("t1", "Which bands does the router use?")], [pair("e1", "How do I reset the modem by hand?")])
    samples = [sample("s1", "Which bands does the router use"), sample("s2", "How do I reset the modem by hand")]
    chosen = select(samples, known, types={}, seed=1)
    assert {(gone.sample.id, gone.code, gone.evaluation, gone.text) for gone in chosen.gone} == {
        ("s1", "near_duplicate", None, "Which bands does the router use?"),
        ("s2", "contaminated", "e1", "How do I reset the modem by hand?"),
    }
    assert [found.id for found in chosen.leaks] == ["s2"]


def test_questions_that_name_different_things_are_both_kept() -> None:
    samples = [
        sample("s1", "What does error E-101 of the router mean?"),
        sample("s2", "What does error E-102 of the router mean?"),
    ]
    assert len(select(samples, Known([], []), types={}, seed=1).samples) == 2


def test_a_sample_that_rests_on_what_evaluation_documents_say_is_taken_out() -> None:
    leak = Leak(id="c", part="context", method="near", similarity=0.9, evaluation="c9", text="a", evaluation_text="b")
    chosen = select([sample("s1", "What is the EID?")], Known([], [], leaky={"c": leak}), types={}, seed=1)
    assert [(gone.code, gone.evaluation) for gone in chosen.gone] == [("contaminated", "c9")]


def test_a_refusal_is_everybodys_answer_and_gives_nothing_away() -> None:
    refusal = "The documents that were given do not say anything about this question at all, unfortunately."
    refused = sample("s1", "What is the EID?").model_copy(
        update={"withheld": ["c"], "citations": [], "answer": refusal}
    )
    held = [pair("e1", "How long may a name be?").model_copy(update={"answer": refusal})]
    assert len(select([refused], Known([], held), types={}, seed=1).samples) == 1


def test_a_question_of_the_same_meaning_is_asked_once() -> None:
    held = [pair(f"e{n}", f"{word * 5} {word * 3}?") for n, word in enumerate("abcdefghijkl")]
    vectors = {pair.question: [float(n == m) for m in range(14)] for n, pair in enumerate(held)}
    again, first, other = "How can the device be started anew?", "How do I restart the router?", "What is an APN?"
    vectors |= {first: [0.0] * 12 + [1.0, 0.0], again: [0.0] * 12 + [0.99, 0.141], other: [0.0] * 13 + [1.0]}
    known = Known([pair("t1", first)], held, vectors=vectors)
    chosen = select([sample("s1", again), sample("s2", other)], known, types={}, seed=1)
    assert [(gone.sample.id, gone.code, gone.text) for gone in chosen.gone] == [("s1", "semantic_duplicate", first)]


@given(st.lists(st.sampled_from(REWORDED), max_size=25), st.integers(0, 3))
def test_very_many_questions_lose_what_few_would_lose(questions: list[str], first: int) -> None:
    first = min(first, len(questions))
    few, many = selection._earlier_ones(questions, first), selection._earlier_ones_of_many(questions, first)
    assert set(few) == set(many)
    assert all(other < place for place, other in many.items())


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
