from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.artifacts import GroundTruth, SnapshotDocument, SplitPlan
from schemas.experiment import Split
from shared.errors import BadInput
from workers.dataset_builder.split import make_split


def corpus(documents: int, per_document: int) -> tuple[list[GroundTruth], list[SnapshotDocument]]:
    """Documents in two languages, each its own group, with some pairs that cite two of them."""
    sources = [
        SnapshotDocument(
            document=f"d{i}",
            key=f"k{i}",
            url=f"https://x.example/{i}",
            title="t",
            language="ko" if i % 3 == 0 else "en",
            group=f"g{i}",
        )
        for i in range(documents)
    ]
    truth = [
        GroundTruth(id=f"q{i}-{j}", question="?", answer="!", references=_references(i, j, documents))
        for i in range(documents)
        for j in range(per_document)
    ]
    return truth, sources


def _references(i: int, j: int, documents: int) -> list[str]:
    own = [f"https://x.example/{i}"]
    return own if j else [*own, f"https://x.example/{(i + 1) % documents}"]


def test_no_document_group_stands_on_both_sides() -> None:
    truth, documents = corpus(30, 10)
    plan = make_split(Split(by="group", evaluation=60), 7, truth, documents)
    group = {document.url: document.group for document in documents}
    by_id = {pair.id: {group[url] for url in pair.references} for pair in truth}
    evaluation = set().union(*(by_id[id] for id in plan.evaluation))
    training = set().union(*(by_id[id] for id in plan.train))
    assert len(plan.evaluation) == 60
    assert not evaluation & training
    assert not evaluation & {document.group for document in documents if document.document in plan.train_documents}
    assert set(plan.evaluation) | set(plan.train) | set(plan.left_out) == set(by_id)


def test_the_evaluation_set_holds_both_languages_in_proportion() -> None:
    truth, documents = corpus(30, 10)
    plan = make_split(Split(by="group", evaluation=60), 7, truth, documents)
    held = {document.document: document.language for document in documents} | {}
    languages = [held[document.document] for document in documents if document.document not in plan.train_documents]
    assert 0.2 <= languages.count("ko") / len(languages) <= 0.5


@given(st.integers(0, 50), st.randoms())
def test_the_split_depends_on_the_seed_and_not_on_the_order(seed: int, rng: random.Random) -> None:
    truth, documents = corpus(8, 4)
    first = make_split(Split(evaluation=6), seed, truth, documents)
    rng.shuffle(truth)
    rng.shuffle(documents)
    assert make_split(Split(evaluation=6), seed, truth, documents) == first


def test_another_seed_gives_another_split() -> None:
    truth, documents = corpus(30, 10)
    plans: list[SplitPlan] = [make_split(Split(), seed, truth, documents) for seed in (1, 2)]
    assert plans[0].evaluation != plans[1].evaluation


def test_split_by_question_uses_every_pair_and_every_document() -> None:
    truth, documents = corpus(3, 5)
    plan = make_split(Split(by="question", evaluation=5), 7, truth, documents)
    assert len(plan.evaluation) == 5 and len(plan.train) == 10
    assert len(plan.train_documents) == 3


@pytest.mark.parametrize("by", ["group", "question"])
def test_too_few_questions_are_an_error_that_says_how_many_there_are(by: str) -> None:
    truth, documents = corpus(2, 3)
    with pytest.raises(BadInput, match=r"asks for 60 evaluation questions, but there are 6"):
        make_split(Split.model_validate({"by": by}), 7, truth, documents)
