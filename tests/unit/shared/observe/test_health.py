from __future__ import annotations

from collections.abc import Callable

import pytest

from shared.observe.health import Check, Health

POLL_LIMIT_S, BEAT_LIMIT_S = 50.0, 10.0


class Watch:
    """Seconds that a test moves."""

    def __init__(self) -> None:
        self.seconds = 1000.0

    def __call__(self) -> float:
        return self.seconds


Step = Callable[[Health, Watch], None]


def passes(seconds: float) -> Step:
    def step(health: Health, watch: Watch) -> None:
        watch.seconds += seconds

    return step


def began(queue: str = "q", poll: int = 0) -> Step:
    return lambda health, watch: health.poll_began(queue, poll)


def ended(queue: str = "q", poll: int = 0) -> Step:
    return lambda health, watch: health.poll_ended(queue, poll)


def beat(health: Health, watch: Watch) -> None:
    health.beat()


def ready(health: Health, watch: Watch) -> None:
    health.ready()


def draining(health: Health, watch: Watch) -> None:
    health.draining()


def after(steps: list[Step]) -> Health:
    watch = Watch()
    health = Health(poll_limit_s=POLL_LIMIT_S, beat_limit_s=BEAT_LIMIT_S, now=watch)
    for step in steps:
        step(health, watch)
    return health


def failing(checks: list[Check]) -> list[str]:
    return [check.name for check in checks if not check.ok]


@pytest.mark.parametrize(
    ("steps", "fails"),
    [
        # a model may take minutes to load
        ([passes(600)], []),
        ([began(), passes(POLL_LIMIT_S)], []),
        ([began(), passes(POLL_LIMIT_S + 1)], ["polls"]),
        ([began(), passes(40), ended(), passes(20)], []),
        # full slots, and nothing to poll for, for hours
        ([began(), ended(), passes(7200)], []),
        ([began(), passes(40), ended(), began(), passes(40)], []),
        # one of two polls hangs while the other goes on
        ([began(poll=0), began(poll=1), passes(20), ended(poll=1), began(poll=1), passes(31)], ["polls"]),
        ([began("a"), began("b"), passes(20), ended("b"), began("b"), passes(31)], ["polls"]),
        ([ended()], []),
        ([ready, passes(BEAT_LIMIT_S)], []),
        # the lease thread died before its first beat
        ([ready, passes(BEAT_LIMIT_S + 1)], ["leases"]),
        ([beat, passes(5), ready, passes(6)], ["leases"]),
        ([ready, passes(9), beat, passes(9)], []),
        ([ready, beat, passes(11)], ["leases"]),
        ([ready, began(), passes(51)], ["polls", "leases"]),
        ([ready, draining, beat, passes(11)], ["leases"]),
    ],
)
def test_a_process_lives_while_its_polls_end_and_its_leases_are_kept(steps: list[Step], fails: list[str]) -> None:
    assert failing(after(steps).live()) == fails


@pytest.mark.parametrize(
    ("steps", "fails"),
    [
        ([], ["started"]),
        ([ready], []),
        ([ready, draining], ["draining"]),
        ([draining], ["started", "draining"]),
        ([ready, began(), passes(600)], []),
    ],
)
def test_a_process_is_ready_from_its_first_poll_until_it_drains(steps: list[Step], fails: list[str]) -> None:
    assert failing(after(steps).able()) == fails


def test_a_failed_check_says_what_was_seen_where_and_what_the_limit_is() -> None:
    (polls, _) = after([began("groundtune-scorer"), passes(61.25)]).live()
    assert polls.detail == "the oldest receive, of groundtune-scorer, is under way for 61.2 s; the limit is 50 s"
