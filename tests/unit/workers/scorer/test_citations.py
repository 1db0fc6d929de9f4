"""Citation metrics, case by case."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.workers.scorer.making import prediction
from workers.scorer.citations import measure, score_citations

A, B, C = "https://x.example/a", "https://x.example/b", "https://x.example/c"


@pytest.mark.parametrize(
    ("cited", "gold", "precision", "recall", "f1", "exact", "hit"),
    [
        ({A}, {A}, 1, 1, 1, 1, 1),
        ({A, B}, {A}, 1 / 2, 1, 2 / 3, 0, 1),
        ({A}, {A, B}, 1, 1 / 2, 2 / 3, 0, 1),
        ({B}, {A}, 0, 0, 0, 0, 0),
        ({A, B}, {B, C}, 1 / 2, 1 / 2, 1 / 2, 0, 1),
        (set(), {A}, 0, 0, 0, 0, 0),
        ({A}, set(), 0, 0, 0, 0, 0),
        (set(), set(), 1, 1, 1, 1, 0),
    ],
)
def test_sets_of_links(
    cited: set[str], gold: set[str], precision: float, recall: float, f1: float, exact: float, hit: float
) -> None:
    found = measure(cited, gold, retrieved=set())
    assert (found.precision, found.recall, found.f1, found.exact, found.hit) == (precision, recall, f1, exact, hit)


@pytest.mark.parametrize(
    ("answer", "cited"),
    [
        (f"Yes.\n\nSources: <{A}> <{B}>", [A, B]),
        (f"See [the page]({A}).", [A]),
        (f"자세한 내용은 {A}를 보세요.", [A]),
        (f"Go to {A}, or {A}.", [A]),
        (f"{A}/?utm_source=mail#top", [A]),
        ("HTTPS://X.example:443/a", []),  # a scheme in capitals is not a link that people write
        ("As said [1] and [2].", [A, B]),
        ("As said[1][2].", [A, B]),
        ("As said [1, 2].", [A, B]),
        ("As said [3].", ["[3]"]),
        ("As said [0].", ["[0]"]),
        (f"As said [2], see {A}.", [A]),
        ("Use `items[1]` here.", []),
        ("```\nitems[1]\n```", []),
        ("No source.", []),
        ("", []),
    ],
)
def test_what_an_answer_cites(answer: str, cited: list[str]) -> None:
    assert score_citations(prediction("q", answer, [A, B]), [A]).cited == cited


def test_an_alias_counts_as_the_document_it_names() -> None:
    other = "https://old.example/page/"
    found = score_citations(prediction("q", f"See {other}", [A]), [A], aliases={"https://old.example/page": A})
    assert (found.exact, found.hallucinated) == (1.0, 0)
    reversed_roles = score_citations(prediction("q", f"See {A}", [other]), [other], aliases={other: A})
    assert (reversed_roles.exact, reversed_roles.hallucinated) == (1.0, 0)


def test_links_that_the_model_was_not_shown_are_counted() -> None:
    assert score_citations(prediction("q", f"{A} {C} https://made.example/up", [A, B]), [A]).hallucinated == 2
    assert score_citations(prediction("q", "As said [7].", [A]), [A]).hallucinated == 1


def test_documents_without_a_source_are_cited_by_their_own_address() -> None:
    own = "s3://bucket/inbox/telco/guide%20one.md"
    assert score_citations(prediction("q", f"Yes.\n\nSources: <{own}>", [own]), [own]).exact == 1.0


def test_a_link_that_no_parser_accepts_does_not_stop_the_scoring() -> None:
    found = score_citations(prediction("q", "See [this](http://[half).", [A]), [A])
    assert found.exact == 0.0
    assert found.hallucinated == 1


@given(st.sets(st.sampled_from("abcdef")), st.sets(st.sampled_from("abcdef")))
def test_metrics_agree_with_each_other(cited: set[str], gold: set[str]) -> None:
    found = measure(cited, gold, set())
    assert all(0.0 <= value <= 1.0 for value in (found.precision, found.recall, found.f1, found.exact, found.hit))
    assert min(found.precision, found.recall) <= found.f1 + 1e-12
    assert (found.exact == 1.0) == (cited == gold)
