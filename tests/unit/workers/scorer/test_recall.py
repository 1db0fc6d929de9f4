"""Recall of the reference documents: once a run, whatever the arms answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.artifacts import GroundTruth
from schemas.experiment import Arm, Retrieval
from schemas.report import RetrievalQuality
from tests.unit.workers.scorer.making import BASELINE, PROMPT, prediction, result, truth
from workers.scorer.documents import Documents
from workers.scorer.pairing import ArmResult, Paired
from workers.scorer.recall import recall_at, retrieval_quality, retrieved_references

A, B, C, OLD = (f"https://x.example/{name}" for name in ("a", "b", "c", "old"))
URLS = st.lists(st.sampled_from((A, B, C)), max_size=5)


def given_to(arm: Arm, urls: Mapping[str, Sequence[str]], values: Mapping[str, float]) -> ArmResult:
    """An arm that was given these documents, with one score a question."""
    return replace(result(arm, values), predictions={id: prediction(id, urls=own) for id, own in urls.items()})


def quality(
    questions: Sequence[GroundTruth],
    results: Sequence[ArmResult],
    top_k: int = 2,
    aliases: Mapping[str, str] | None = None,
) -> RetrievalQuality | None:
    paired = Paired(results, [pair.id for pair in questions], 7)
    return retrieval_quality(paired, questions, results, Retrieval(top_k=top_k), Documents(aliases=aliases or {}))


@pytest.mark.parametrize(
    ("gold", "retrieved", "k", "whole", "some"),
    [
        ({A}, [A, B], 1, 1, 1),
        ({A}, [B, A], 1, 0, 0),
        ({A}, [B, A], 2, 1, 1),
        ({A, B}, [A, A, B], 2, 0, 1),
        ({A, B}, [A, A, B], 3, 1, 1),
        ({A}, [], 3, 0, 0),
    ],
)
def test_all_or_any_reference_among_the_k_best(
    gold: set[str], retrieved: list[str], k: int, whole: float, some: float
) -> None:
    found = recall_at(k, [(gold, retrieved)])
    assert (found.all, found.any) == (whole, some)


@given(st.lists(st.tuples(URLS.filter(bool).map(set), URLS), min_size=1, max_size=6), st.integers(1, 4))
def test_recall_grows_with_k_and_all_is_never_more_than_any(
    questions: list[tuple[set[str], list[str]]], k: int
) -> None:
    less, more = recall_at(k, questions), recall_at(k + 1, questions)
    assert less.all <= more.all and less.any <= more.any and less.all <= less.any


def test_shares_are_over_all_questions_and_arms_are_sliced_by_what_they_were_given() -> None:
    questions = [truth("q1", links=[A]), truth("q2", links=[A, B]), truth("q3", links=[C]), truth("q4", links=[])]
    urls = {"q1": [B, A], "q2": [A, C], "q3": [C, C], "q4": [A]}
    arms = [
        given_to(BASELINE, urls, {"q1": 0.2, "q2": 0.1, "q3": 0.4, "q4": 0.9}),
        given_to(PROMPT, urls, {"q1": 0.6, "q2": 0.3, "q3": 0.8, "q4": 0.9}),
    ]
    found = quality(questions, arms)
    assert found is not None and found.n == 3
    assert [(at.k, at.all, at.any) for at in found.recall] == [(1, 0.333333, 0.666667), (2, 0.666667, 1.0)]
    assert [(own.arm, own.retrieved.n, own.retrieved.rougeL, own.not_retrieved.rougeL) for own in found.slices] == [
        ("baseline", 2, 0.3, 0.1),
        ("prompt", 2, 0.7, 0.3),
    ]


def test_another_url_of_a_document_counts_as_the_document() -> None:
    arms = [given_to(BASELINE, {"q1": [A]}, {"q1": 0.5})]
    found = quality([truth("q1", links=[f"{OLD}#part"])], arms, aliases={OLD: A})
    assert found is not None and found.recall[0].all == 1.0


def test_an_arm_that_was_never_asked_does_not_hide_what_another_was_given() -> None:
    lost = replace(result(BASELINE, {}), predictions={"q1": prediction("q1", "", error="given up")})
    found = quality([truth("q1", links=[A])], [lost, given_to(PROMPT, {"q1": [A]}, {"q1": 0.5})])
    assert found is not None and found.recall[0].all == 1.0
    assert quality([truth("q1", links=[A])], [lost]) is None


def test_a_search_that_found_nothing_counts_as_a_miss() -> None:
    found = quality([truth("q1", links=[A])], [given_to(BASELINE, {"q1": []}, {"q1": 0.5})])
    assert found is not None and (found.n, found.recall[1].any) == (1, 0.0)
    assert found.slices[0].retrieved.rougeL is None


def test_each_question_is_told_how_many_of_its_references_were_retrieved() -> None:
    questions = [truth("q1", links=[A]), truth("q2", links=[A, B]), truth("q3", links=[C]), truth("q4", links=[])]
    urls = {"q1": [B, OLD], "q2": [A, C], "q3": [A, B, C], "q4": [A]}
    results = [given_to(BASELINE, urls, dict.fromkeys(urls, 0.5))]
    found = retrieved_references(questions, results, Retrieval(top_k=2), Documents(aliases={OLD: A}))
    assert found == {"q1": "all", "q2": "some", "q3": "none"}
