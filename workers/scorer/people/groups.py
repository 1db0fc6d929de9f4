"""Arms that cannot be told apart."""

from __future__ import annotations

from collections.abc import Sequence, Set


def groups(arms: Sequence[str], different: Set[tuple[str, str]]) -> list[list[str]]:
    """The longest runs of ``arms`` (best first) in which no two are ``different``; an arm may stand in several."""
    found: list[list[str]] = []
    for start in range(len(arms)):
        end = start + 1
        while end < len(arms) and all((arm, arms[end]) not in different for arm in arms[start:end]):
            end += 1
        if not found or arms[end - 1] not in found[-1]:
            found.append(list(arms[start:end]))
    return found
