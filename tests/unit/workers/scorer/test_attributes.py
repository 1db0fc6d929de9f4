"""What questions are told apart by."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from schemas.artifacts import GroundTruth
from tests.unit.workers.scorer.making import truth
from workers.scorer.attributes import attributes, thirds


def test_questions_are_told_apart_by_all_that_is_known_of_them() -> None:
    links = [f"https://x.example/{n}" for n in range(4)]
    evaluation = [
        GroundTruth(id="a", question="Why?", answer="x" * 10, references=links[:1], type="fact", topic="billing"),
        GroundTruth(id="b", question="왜 그런가요?", answer="x" * 20, references=links, type="procedure"),
        GroundTruth(id="c", question="How?", answer="x x " * 15, references=[], topic="roaming"),
    ]
    found = {attribute.by: dict(attribute.names) for attribute in attributes(evaluation, {"a": "all", "b": "some"})}
    assert found == {
        "type": {"a": "fact", "b": "procedure"},
        "topic": {"a": "billing", "c": "roaming"},
        "language": {"a": "en", "b": "ko", "c": "en"},
        "reference_characters": {"a": "10–10", "b": "11–20", "c": "21–30"},
        "reference_links": {"a": "1", "b": "3+", "c": "0"},
        "answerable": {"a": "yes", "b": "yes", "c": "no"},
        "retrieved": {"a": "all", "b": "some"},
    }


def test_what_all_questions_share_is_no_attribute() -> None:
    assert attributes([truth("a"), truth("b")], {"a": "all", "b": "all"}) == []
    assert attributes([], {}) == []


@given(st.dictionaries(st.text(max_size=4), st.integers(0, 1000), min_size=1, max_size=60))
def test_thirds_hold_every_question_within_their_bounds(sizes: dict[str, int]) -> None:
    found = thirds("size", sizes)
    assert found.names.keys() == sizes.keys()
    for id, size in sizes.items():
        low, high = map(int, found.names[id].split("–"))
        assert low <= size <= high
    assert {*found.order} == {*found.names.values()}
    assert len(found.order) <= 3


def test_thirds_of_different_sizes_are_as_large() -> None:
    found = thirds("size", {str(n): n for n in range(60)})
    assert found.order == ["0–19", "20–39", "40–59"]
