"""Tasks to rank, and the key to them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from string import ascii_uppercase

import numpy as np

from schemas.artifacts import RetrievedDocument
from schemas.base import content_hash
from schemas.people import RankingKey, RankingTask, TaskKind
from workers.scorer.people.design import orders
from workers.scorer.statistics.draws import generator

REPEATS = 0.05
"""Share of tasks that a rater is given once more, unsaid."""
SOME_TASKS = 10
"""From here on there is one repeat at least."""
WARM_UPS = 5
"""Tasks at the start that count nowhere."""


@dataclass(frozen=True)
class Candidate:
    """A question that all arms answered: arm → answer."""

    id: str
    question: str
    answers: Mapping[str, str]
    gold: str | None = None
    documents: Sequence[RetrievedDocument] = field(default=())


Shown = tuple[Candidate, TaskKind]
Task = tuple[RankingTask, RankingKey]


def make_tasks(
    candidates: Sequence[Candidate], raters: Sequence[str], seed: int, spare: Sequence[Candidate] = ()
) -> list[Task]:
    """Every rater is given every candidate, each in an order of his own. ``spare``: for warm-ups.

    Without spare ones a rater warms up on what he is asked again at the very end. Raises ValueError for fewer than two
    arms, or more than there are letters.
    """
    arms = sorted({arm for candidate in candidates for arm in candidate.answers})
    if not 2 <= len(arms) <= len(ascii_uppercase):
        raise ValueError(f"{len(arms)} arms to rank; between 2 and {len(ascii_uppercase)} can be")
    return [task for rater in raters for task in _of_rater(rater, candidates, arms, seed, spare)]


def _of_rater(
    rater: str, candidates: Sequence[Candidate], arms: Sequence[str], seed: int, spare: Sequence[Candidate]
) -> Iterator[Task]:
    random = generator(seed, "people", rater)
    shown = _shown(candidates, spare, random)
    named = [arms[place] for place in random.permutation(len(arms))]
    for place, ((candidate, kind), order) in enumerate(
        zip(shown, orders(len(arms), len(shown), random), strict=True), start=1
    ):
        letters = dict(zip(ascii_uppercase, (named[item] for item in order), strict=False))
        yield _task(content_hash([seed, "people", rater, place])[:12], rater, place, candidate, kind, letters)


def _shown(candidates: Sequence[Candidate], spare: Sequence[Candidate], random: np.random.Generator) -> list[Shown]:
    """What a rater sees, in order: warm-ups, candidates, and far behind some of the first candidates again."""
    counted = [candidates[place] for place in random.permutation(len(candidates))]
    early = counted[: max(1, len(counted) // 4)]
    again = early[: _repeats(len(counted))]
    late: list[Shown] = [
        *((one, "counted") for one in counted[len(counted) // 2 :]),
        *((one, "repeat") for one in again),
    ]
    behind = [late[place] for place in random.permutation(len(late))]
    warm = [spare[place] for place in random.permutation(len(spare))][:WARM_UPS] or counted[::-1][
        : _warm_ups(len(counted))
    ]
    return [*((one, "warm_up") for one in warm), *((one, "counted") for one in counted[: len(counted) // 2]), *behind]


def _repeats(count: int) -> int:
    return max(round(REPEATS * count), int(count >= SOME_TASKS))


def _warm_ups(count: int) -> int:
    """Where there are none to spare: no more than one in ten."""
    return min(WARM_UPS, count // 10)


def _task(id: str, rater: str, place: int, candidate: Candidate, kind: TaskKind, letters: Mapping[str, str]) -> Task:
    task = RankingTask(
        id=id,
        rater=rater,
        place=place,
        question=candidate.question,
        answers={letter: candidate.answers[arm] for letter, arm in letters.items()},
        gold=candidate.gold,
        documents=list(candidate.documents),
    )
    return task, RankingKey(task=id, rater=rater, question=candidate.id, kind=kind, arms=dict(letters))
