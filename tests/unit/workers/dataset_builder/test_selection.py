from __future__ import annotations

import random

from hypothesis import given
from hypothesis import strategies as st

from schemas.artifacts import GroundTruth, Sample
from workers.dataset_builder.selection import clean_originals, select, spread_over_documents


def sample(id: str, question: str, document: str = "d") -> Sample:
    return Sample(id=id, document=document, question=question, answer="a", citations=["c"], evidence="e", language="en")


def pair(id: str, question: str) -> GroundTruth:
    return GroundTruth(id=id, question=question, answer="a", references=["https://x.example"])


def test_what_the_evaluation_set_asks_is_taken_out_of_both_kinds() -> None:
    held = [pair("e1", "How long is an activation code valid for a consumer?")]
    leak = "How long is an activation code valid for the consumer?"
    chosen = select([sample("s1", leak), sample("s2", "What is the EID?")], seed=1, train=[], evaluation=held)
    assert [s.id for s in chosen.samples] == ["s2"]
    assert chosen.removed == {"contaminated": 1}
    train, removed = clean_originals([pair("t1", leak), pair("t2", "What is an APN?")], held)
    assert ([p.id for p in train], removed) == (["t2"], ["t1"])


def test_a_question_is_kept_once_over_the_whole_corpus() -> None:
    samples = [
        sample("s1", "What is the default APN of the network?", "d1"),
        sample("s2", "What is the default APN of the network", "d2"),
    ]
    chosen = select(samples, seed=1, train=[pair("t1", "Which bands does the router use?")], evaluation=[])
    assert len(chosen.samples) == 1
    assert chosen.removed == {"near_duplicate": 1}


@given(st.randoms())
def test_any_prefix_spans_the_documents_whatever_the_input_order(rng: random.Random) -> None:
    samples = [sample(f"{d}{i}", f"question {d} {i}", d) for d in "abcd" for i in range(5)]
    ordered = spread_over_documents(samples, seed=3)
    rng.shuffle(samples)
    assert spread_over_documents(samples, seed=3) == ordered
    assert {s.document for s in ordered[:4]} == set("abcd")
