from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.recipe import DEFAULT_TYPES
from shared.quotas import SLOTS_PER_CHUNK, quota, size_of, worth
from tests.unit.workers.synthetic_gen.making import chunk, recipe, unit
from workers.synthetic_gen.plan import CHUNKS_PER_CALL, plan_calls

TEXT = "The router answers on port one and keeps its table for a while. " * 4
TABLE = "| code | meaning |\n| --- | --- |\n| a | the line is down and stays down until it is repaired by hand |"


@given(
    st.lists(st.sampled_from([TEXT, TABLE, "Short.", TEXT * 3]), max_size=30), st.integers(0, 4), st.text(max_size=4)
)
def test_a_plan_asks_the_quota_as_far_as_chunks_can_take_it(texts: list[str], round: int, name: str) -> None:
    cut = [chunk(f"c{n}", text) for n, text in enumerate(texts)]
    own = recipe(per_1000_tokens=20, types=DEFAULT_TYPES)
    calls = plan_calls(unit(name or "d"), cut, own, round)
    wanted = quota(unit(), size_of(texts), own, round)
    asked = [(call.chunks[place - 1].id, slot) for call in calls for slot in call.slots for place in slot.about]
    by_chunk = Counter(id for id, _ in asked)
    assert len(asked) <= wanted
    assert len(asked) == wanted or max(by_chunk.values(), default=0) == SLOTS_PER_CHUNK
    assert all(worth(texts[int(id[1:])]) for id in by_chunk)
    for call in calls:
        assert len(call.chunks) <= CHUNKS_PER_CALL
        assert [slot.number for slot in call.slots] == list(range(1, len(call.slots) + 1))
    shown_in = Counter(id for call in calls for id in {call.chunks[s.about[0] - 1].id for s in call.slots})
    assert all(count == 1 for count in shown_in.values())


def test_late_chunks_get_their_share() -> None:
    calls = plan_calls(unit(), [chunk(f"c{n}", TEXT) for n in range(20)], recipe(per_1000_tokens=8), 0)
    asked = [call.chunks[slot.about[0] - 1].id for call in calls for slot in call.slots]
    halves = Counter(int(id[1:]) // 10 for id in asked)
    assert len(asked) >= 8 and abs(halves[0] - halves[1]) <= 1


def test_rounds_go_to_other_chunks_than_the_rounds_before() -> None:
    own, cut = recipe(per_1000_tokens=0.5), [chunk(f"c{n}", TEXT) for n in range(16)]
    asked: list[set[str]] = []
    for round in range(4):
        calls = plan_calls(unit(), cut, own, round)
        asked.append({call.chunks[slot.about[0] - 1].id for call in calls for slot in call.slots})
    assert len(set.union(*asked)) >= 12


def test_many_small_documents_together_have_the_mix_of_types_that_is_asked_for() -> None:
    found: Counter[str] = Counter()
    for n in range(400):
        calls = plan_calls(unit(f"d{n}"), [chunk(text=TABLE + "\n1. Restart it.")], recipe(types=DEFAULT_TYPES), 0)
        found.update(slot.type for call in calls for slot in call.slots)
    weights = {name: weight for name, weight in DEFAULT_TYPES.items() if name != "multi_hop"}
    total = sum(weights.values())
    assert {name: round(found[name] / found.total(), 1) for name in weights} == {
        name: round(weight / total, 1) for name, weight in weights.items()
    }


def test_only_a_chunk_with_a_table_is_asked_for_a_look_up_and_only_steps_for_a_procedure() -> None:
    own = recipe(types={"table": 1, "procedure": 1})
    (call,) = plan_calls(unit(), [chunk(text=TEXT), chunk("c2", TABLE), chunk("c3", f"1. Do it.\n2. {TEXT}")], own, 0)
    for slot in call.slots:
        assert slot.asked == {1: "fact", 2: "table", 3: "procedure"}[slot.about[0]]


def test_the_teacher_is_not_told_what_shall_go_unanswered() -> None:
    calls = plan_calls(unit(), [chunk(text=TEXT)], recipe(types={"unanswerable": 1}), 0)
    assert {(slot.type, slot.asked) for call in calls for slot in call.slots} == {("unanswerable", "fact")}


def test_chunks_of_several_documents_are_asked_about_together() -> None:
    (call,) = plan_calls(unit("d1", "d2", chunks=("c1", "c2")), [chunk(), chunk("c2", TEXT, "d2")], recipe(), 0)
    assert {(slot.type, slot.about) for slot in call.slots} == {("multi_hop", (1, 2))}


@pytest.mark.parametrize("texts", [[], ["Short."]])
def test_next_to_no_text_is_asked_nothing(texts: list[str]) -> None:
    assert plan_calls(unit(), [chunk(text=text) for text in texts], recipe(), 0) == []
