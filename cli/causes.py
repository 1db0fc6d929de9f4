"""Dead letters by what they died of."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from cli.dead_letters import DeadLetter


@dataclass(frozen=True)
class Cause:
    """``count`` messages of one type that died of one bug (``stack_hash``) or for one reason; ``example`` is an id."""

    count: int
    worker: str
    type: str
    stack_hash: str | None
    reason: str
    example: str


def causes(letters: Iterable[DeadLetter]) -> list[Cause]:
    """The most frequent cause first. The reason of a bug is its first letter's: others may name other values."""
    groups: dict[tuple[str, str, str], list[DeadLetter]] = defaultdict(list)
    for letter in letters:
        groups[letter.worker, letter.type, letter.stack_hash or letter.reason].append(letter)
    found = [_cause(group) for group in groups.values()]
    return sorted(found, key=lambda cause: -cause.count)


def _cause(group: list[DeadLetter]) -> Cause:
    first = group[0]
    return Cause(len(group), first.worker, first.type, first.stack_hash, first.reason, first.id)
