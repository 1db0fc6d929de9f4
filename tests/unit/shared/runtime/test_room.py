from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.runtime.aimd import Aimd
from shared.runtime.queue import BATCH
from shared.runtime.room import PREFETCH_BELOW_S, Room


def room(*, limit: int = 4, in_hand: int = 0, asked: int = 0, handler_s: float | None = 0.01) -> Room:
    made = Room(Aimd(limit, limit))
    made.in_hand, made.asked = in_hand, asked
    if handler_s is not None:
        made.handled(handler_s)
    return made


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (room(), 10),
        (room(in_hand=4), 10),  # four are handled: ten leased places are free
        (room(in_hand=5), 0),  # nine are free: a batch would not be full
        (room(in_hand=4, asked=10), 0),
        (room(limit=10, asked=10), 10),  # a second receive side by side
        (room(limit=10, in_hand=10, asked=10), 0),
        (room(limit=1), 10),
        (room(handler_s=None), 4),  # nothing is known of the handlers yet
        (room(handler_s=None, in_hand=1), 3),
        (room(handler_s=60), 4),  # slow handlers: what would wait here could be handled elsewhere
        (room(handler_s=60, in_hand=3), 1),
        (room(handler_s=60, in_hand=4), 0),
        (room(limit=40, handler_s=60), 10),
    ],
)
def test_room_asks_for_full_batches_as_long_as_handlers_are_quick(given: Room, wanted: int) -> None:
    assert given.wanted() == wanted


@pytest.mark.parametrize(
    ("given", "patience_s"),
    [
        (room(in_hand=3, handler_s=0.5), 0),
        (room(in_hand=3, handler_s=10), 0.5),
        (room(in_hand=3, handler_s=600), 1),
        (room(in_hand=0, handler_s=600), 0),
        (room(in_hand=3, handler_s=None), 0),
    ],
)
def test_a_free_place_of_slow_handlers_waits_a_moment_for_others(given: Room, patience_s: float) -> None:
    assert given.patience_s == patience_s


def test_leased_places_come_and_go_with_the_mean_handler_time() -> None:
    given = Room(Aimd(4, 4))
    given.handled(10 * PREFETCH_BELOW_S)
    assert given.leased_places == 0
    for _ in range(30):
        given.handled(0.01)
    assert given.leased_places == BATCH
    given.handled(100 * PREFETCH_BELOW_S)
    assert given.leased_places == 0


@given(st.integers(1, 60), st.integers(0, 100), st.integers(0, 40), st.floats(0.001, 100))
def test_what_is_asked_for_always_has_a_place(limit: int, in_hand: int, asked: int, handler_s: float) -> None:
    wanted = room(limit=limit, in_hand=in_hand, asked=asked, handler_s=handler_s).wanted()
    assert 0 <= wanted <= BATCH
    assert wanted == 0 or in_hand + asked + wanted <= limit + BATCH


def test_something_is_always_asked_for_when_nothing_is_in_hand() -> None:
    assert all(room(limit=limit, handler_s=s).wanted() > 0 for limit in range(1, 30) for s in (0.1, 10.0))
