"""What the judge is asked of one shard: every pair of arms on every question, in both orders; last, the canaries."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from schemas.artifacts import GroundTruth, Prediction
from schemas.experiment import Experiment
from schemas.judging import ClaimCheck, JudgedShard, Judgement
from schemas.state import RunRecord
from shared.bedrock.ports import Account
from shared.concurrency import gathered
from shared.runs import load_evaluation, load_experiment, shard_of
from shared.services import Services
from shared.store import keys
from workers.scorer.judge.asking import Judge
from workers.scorer.judge.canaries import Canary, canaries
from workers.scorer.judge.claims import check_claims
from workers.scorer.judge.matches import Pair, judged_questions, pairs

AT_ONCE = 4
"""Comparisons under way in a shard."""

Answers = Mapping[str, Mapping[str, Prediction]]
"""By arm's slug and question, those with an answer."""


def judged_shards(record: RunRecord) -> int:
    """Shards of the evaluation set, and one for the canaries."""
    return record.shards + 1


async def judge_shard(services: Services, record: RunRecord, shard: int) -> JudgedShard:
    """Asks all that is to be asked of a shard. Raises Retryable when the judge cannot be asked for now."""
    run = record.run
    experiment = await load_experiment(services.artifacts, run)
    evaluation = await load_evaluation(services.artifacts, run)
    judge = _judge(services, run, experiment)
    if shard == record.shards:
        drawn = canaries(evaluation, experiment.seed)
        return JudgedShard(judgements=await gathered((_canary(judge, found) for found in drawn), AT_ONCE))
    wanted = judged_questions([pair.id for pair in evaluation], experiment.judging.questions, experiment.seed)
    questions = [pair for pair in shard_of(evaluation, shard, record.shard_size) if pair.id in wanted]
    answers = await _answers(services, run, experiment, shard)
    return JudgedShard(
        judgements=await _matches(judge, experiment, questions, answers),
        claims=await _claims(judge, questions, answers) if experiment.judging.groundedness else [],
    )


def _judge(services: Services, run: str, experiment: Experiment) -> Judge:
    if experiment.models.judge is None:
        raise ValueError(f"run {run} has no models.judge")
    return Judge(services.bedrock, experiment.models.judge, Account(f"run/{run}", "judge", experiment.budget_usd))


async def _answers(services: Services, run: str, experiment: Experiment, shard: int) -> Answers:
    """What a failed arm or shard left out is missing here, and is not judged."""

    async def of(arm: str) -> dict[str, Prediction]:
        try:
            found = await services.artifacts.read_lines(keys.predictions(run, arm, shard), Prediction)
        except KeyError:
            return {}
        return {prediction.id: prediction for prediction in found if prediction.error is None}

    slugs = [arm.slug for arm in experiment.arms]
    return dict(zip(slugs, await asyncio.gather(*map(of, slugs)), strict=True))


async def _matches(
    judge: Judge, experiment: Experiment, questions: list[GroundTruth], answers: Answers
) -> list[Judgement]:
    """In the order of the questions, then of the pairs."""
    both = [
        (question, pair)
        for question in questions
        for pair in pairs(experiment)
        if all(question.id in answers[arm.slug] for arm in pair)
    ]
    votes = experiment.judging.votes
    return await gathered((_match(judge, question, pair, answers, votes) for question, pair in both), AT_ONCE)


async def _match(judge: Judge, question: GroundTruth, pair: Pair, answers: Answers, votes: int) -> Judgement:
    first, second = (answers[arm.slug][question.id] for arm in pair)
    documents = first.documents  # the same for all arms
    forward = await judge.votes(question, documents, first.answer, second.answer, votes)
    backward = await judge.votes(question, documents, second.answer, first.answer, votes)
    return Judgement(id=question.id, first=pair[0].slug, second=pair[1].slug, forward=forward, backward=backward)


async def _canary(judge: Judge, canary: Canary) -> Judgement:
    """One vote is enough: what is known beforehand needs no majority."""
    forward = await judge.votes(canary.question, [], canary.first, canary.second, 1)
    backward = await judge.votes(canary.question, [], canary.second, canary.first, 1)
    named = {"id": canary.question.id, "kind": canary.kind, "first": "reference", "second": canary.kind}
    return Judgement(**named, forward=forward, backward=backward)


async def _claims(judge: Judge, questions: list[GroundTruth], answers: Answers) -> list[ClaimCheck]:
    given = [(arm, found[pair.id]) for arm, found in answers.items() for pair in questions if pair.id in found]
    return await gathered((check_claims(judge, arm, prediction) for arm, prediction in given), AT_ONCE)
