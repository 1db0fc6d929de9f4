"""What there is to rank of a run: the questions that all wanted arms answered."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from schemas.artifacts import GroundTruth, Prediction
from schemas.experiment import Arm, Experiment
from schemas.state import ENDED
from shared.errors import BadInput
from shared.nearest import nearest
from shared.runs import load_evaluation, load_experiment
from shared.services import Services
from shared.store import keys
from workers.scorer.people.tasks import Candidate
from workers.scorer.statistics.draws import generator

Answers = dict[str, Prediction]
"""Question id → answer."""


@dataclass(frozen=True)
class Candidates:
    """``taken`` are to be ranked; ``spare`` ones are for raters to warm up on."""

    taken: Sequence[Candidate]
    spare: Sequence[Candidate] = ()

    def drawn(self, questions: int | None, seed: int) -> Candidates:
        """So many of them, drawn by the seed; the others are spare."""
        if questions is None or questions >= len(self.taken):
            return self
        chosen = {
            int(place) for place in generator(seed, "people", "questions").permutation(len(self.taken))[:questions]
        }
        taken = [one for place, one in enumerate(self.taken) if place in chosen]
        return Candidates(taken, [one for place, one in enumerate(self.taken) if place not in chosen])


async def load_candidates(
    services: Services, run: str, arms: Sequence[str] | None, *, gold: bool, documents: bool
) -> Candidates:
    """``arms``: by name; None for all that did not fail. Raises BadInput where there is nothing to compare."""
    record = await services.runs.get(run)
    if record is None:
        raise BadInput(f"there is no run {run!r}; `groundtune runs list` shows the runs")
    if record.status not in ENDED:
        raise BadInput(f"run {run!r} is still {record.status}; `groundtune runs watch {run}` waits for its end")
    experiment = await load_experiment(services.artifacts, run)
    wanted = await _wanted(services, run, experiment, arms)
    truth = await load_evaluation(services.artifacts, run)
    answers = await asyncio.gather(*(_answers(services, run, arm, record.shards) for arm in wanted))
    by_arm = {arm.name: found for arm, found in zip(wanted, answers, strict=True)}
    common = [pair for pair in truth if all(pair.id in found for found in by_arm.values())]
    if not common:
        raise BadInput(f"no question of run {run!r} was answered by all of {', '.join(by_arm)}; name fewer with --arms")
    return Candidates([_candidate(pair, by_arm, gold=gold, documents=documents) for pair in common])


async def _wanted(services: Services, run: str, experiment: Experiment, names: Sequence[str] | None) -> list[Arm]:
    known = {arm.name: arm for arm in experiment.arms}
    for name in names or ():
        if name not in known:
            raise BadInput(f"run {run!r} has no arm {name!r}{nearest(name, known)}; its arms: {', '.join(known)}")
    failed = {arm.name for arm in await services.runs.arms(run) if arm.status == "failed"}
    wanted = [known[name] for name in names or known if names or name not in failed]
    if len(wanted) < 2:
        raise BadInput(f"there are {len(wanted)} arms to rank in run {run!r}; it takes two")
    return wanted


async def _answers(services: Services, run: str, arm: Arm, shards: int) -> Answers:
    """A shard that was given up has no answers; an answer that was not given is none."""
    found: Answers = {}
    for shard in range(shards):
        try:
            lines = await services.artifacts.read_lines(keys.predictions(run, arm.slug, shard), Prediction)
        except KeyError:
            continue
        found |= {line.id: line for line in lines if line.error is None}
    return found


def _candidate(pair: GroundTruth, by_arm: dict[str, Answers], *, gold: bool, documents: bool) -> Candidate:
    given = next(iter(by_arm.values()))[pair.id].documents
    return Candidate(
        id=pair.id,
        question=pair.question,
        answers={arm: answers[pair.id].answer for arm, answers in by_arm.items()},
        gold=pair.answer if gold else None,
        documents=given if documents else (),
    )
