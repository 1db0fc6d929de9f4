"""What raters said against the key: what counts, and a line about everything that does not."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from schemas.people import Ranking, RankingAnswer, RankingKey, RankingProblem
from workers.scorer.people.points import TOLERANCE, expected_sum, points_of, unaccounted

Said = tuple[int, RankingAnswer]
"""An answer and its line."""


@dataclass(frozen=True)
class Checked:
    """``problems`` are in the order of lines, and then what was never answered."""

    rankings: Sequence[Ranking]
    problems: Sequence[RankingProblem]


def check(said: Sequence[Said], keys: Sequence[RankingKey]) -> Checked:
    """The first answer to a task counts, if there is nothing wrong with it."""
    known, lines = {key.task: key for key in keys}, dict[str, int]()
    rankings: list[Ranking] = []
    problems: list[RankingProblem] = []
    for line, answer in said:
        key = _placed(answer, known, lines)
        if isinstance(key, RankingKey):
            lines[answer.task] = line
        found = _read(answer, key) if isinstance(key, RankingKey) else key
        if isinstance(found, Ranking):
            rankings.append(found)
        else:
            problems.append(found.model_copy(update={"line": line}))
    return Checked(rankings, [*problems, *(_missing(key) for key in keys if key.task not in lines)])


def _placed(
    answer: RankingAnswer, known: Mapping[str, RankingKey], lines: Mapping[str, int]
) -> RankingKey | RankingProblem:
    if answer.task not in known:
        return RankingProblem(task=answer.task, code="unknown_task", message="no such task was given out")
    if answer.task in lines:
        message = f"line {lines[answer.task]} answers it already, and counts"
        return RankingProblem(task=answer.task, code="duplicate", message=message)
    return known[answer.task]


def _read(answer: RankingAnswer, key: RankingKey) -> Ranking | RankingProblem:
    return _mistake(answer, key) or _ranking(answer, key)


def _mistake(answer: RankingAnswer, key: RankingKey) -> RankingProblem | None:
    given, letters = answer.points or answer.ranks, set(key.arms)
    if answer.skipped:
        return RankingProblem(task=key.task, code="skipped", message=answer.skipped)
    if wrong := sorted(letters ^ given.keys()):
        message = f"every answer needs a place, and no other: {', '.join(wrong)}"
        return RankingProblem(task=key.task, code="incomplete", message=message)
    if bad := [letter for letter, number in sorted(given.items()) if not 1 <= number <= len(letters)]:
        message = f"{', '.join(f'{letter} {given[letter]:g}' for letter in bad)}: not between 1 and {len(letters)}"
        return RankingProblem(task=key.task, code="bad_rank", message=message)
    return _wrong_sum(answer, key)


def _wrong_sum(answer: RankingAnswer, key: RankingKey) -> RankingProblem | None:
    if not answer.points or math.isclose(unaccounted(answer.points), 0, abs_tol=TOLERANCE):
        return None
    message = (
        f"its points sum to {sum(answer.points.values()):g}, not to {expected_sum(len(key.arms)):g}; "
        "equal answers share the points of their places"
    )
    return RankingProblem(task=key.task, code="wrong_sum", message=message)


def _ranking(answer: RankingAnswer, key: RankingKey) -> Ranking:
    points = answer.points or points_of(answer.ranks)
    return Ranking(
        rater=key.rater,
        question=key.question,
        kind=key.kind,
        points={arm: points[letter] for letter, arm in sorted(key.arms.items(), key=lambda item: item[1])},
    )


def _missing(key: RankingKey) -> RankingProblem:
    return RankingProblem(task=key.task, code="missing", message=f"{key.rater} never answered it")
