from __future__ import annotations

from dataclasses import replace

from cli.causes import Cause, causes
from cli.dead_letters import DeadLetter
from shared.runtime.message import Message

LETTER = DeadLetter(
    worker="scorer", id="e1", type="t", run="r", reason="ValueError: 1", attempts=4, stack_hash="abc", body="",
    events=("e1",), event=None, message=Message("m", "receipt", "", 0.0),
)  # fmt: skip


def test_letters_of_one_bug_are_one_cause_whatever_each_said() -> None:
    others = [replace(LETTER, id="e2", reason="ValueError: 2"), replace(LETTER, id="e3", stack_hash="def")]
    assert causes([others[1], LETTER, others[0]]) == [
        Cause(2, "scorer", "t", "abc", "ValueError: 1", "e1"),
        Cause(1, "scorer", "t", "def", "ValueError: 1", "e3"),
    ]


def test_letters_without_a_bug_are_grouped_by_their_reason() -> None:
    poison = replace(LETTER, stack_hash=None, reason="no such arm")
    found = causes([poison, replace(poison, id="e2"), replace(poison, reason="no such run")])
    assert [(cause.count, cause.reason) for cause in found] == [(2, "no such arm"), (1, "no such run")]


def test_one_bug_in_two_workers_or_types_is_two_causes() -> None:
    assert len(causes([LETTER, replace(LETTER, worker="inference"), replace(LETTER, type="u")])) == 3


def test_no_letters_have_no_cause() -> None:
    assert causes([]) == []
