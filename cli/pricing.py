"""What a run.yaml will cost, from its counts: the price that is shown before anything is paid."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

import boto3
from botocore.exceptions import ClientError
from rich import box
from rich.console import Console
from rich.table import Table

from cli.runfile import RunFile
from schemas.artifacts import GroundTruth
from schemas.experiment import Arm, Experiment
from shared.bedrock.estimate import Calls, Estimate, Work, estimate
from shared.bedrock.models import Facts, Models, parse, shipped
from shared.bedrock.training import training_work
from shared.settings import Settings
from shared.store import keys
from shared.text.tokens import estimate_tokens

SAMPLES_PER_CALL = 3
"""Kept samples of one teacher call, from below: the cautious side."""
CHUNKS_PER_CALL = 4
TEACHER_PROMPT_TOKENS = 1_200
"""Instructions and style examples."""
JUDGE_PROMPT_TOKENS = 1_200
"""Rubric, tool, and what a model is told of calling tools."""
VERDICT_TOKENS = 150
CANARIES = 40
"""Comparisons whose outcome is known."""
CHECK_PROMPT_TOKENS = 250
"""Instructions of a check."""
SURPLUS = 1.3
"""Samples checked for each one that is wanted."""
MAX_SAMPLE_TOKENS = 250
"""A question with its answer and citations, where the ground truth does not say."""


def price(runfile: RunFile, facts: Callable[[str], Facts]) -> Estimate:
    """Teacher, training, hosting by the hour and evaluation; nothing is cached yet."""
    return estimate(work(runfile.experiment, runfile.truth), facts)


def work(experiment: Experiment, truth: Sequence[GroundTruth]) -> Iterator[Work]:
    """The calls and the training that an experiment asks for; contexts are counted full, answers as long as people's
    (a base model says more)."""
    context = experiment.chunking.max_tokens
    answer = _mean(estimate_tokens(pair.answer) for pair in truth)
    question = _mean(estimate_tokens(pair.question) for pair in truth)
    yield from _teacher(experiment, question + answer)
    for arm in experiment.arms:
        asked = estimate_tokens(experiment.prompts[arm.prompt]) + experiment.retrieval.top_k * context + question
        yield from _training(experiment, arm, asked + answer)
        yield Calls(f"evaluation, {arm.name}", experiment.models.student, experiment.split.evaluation, asked, answer)
    yield from _judge(experiment, context, question, answer)


def _teacher(experiment: Experiment, sample: int) -> Iterator[Work]:
    """Arms are nested: the largest number of synthetic samples holds all others."""
    samples = max((arm.train.synthetic for arm in experiment.arms if arm.train), default=0)
    if samples:
        calls = math.ceil(samples / SAMPLES_PER_CALL)
        shown = TEACHER_PROMPT_TOKENS + CHUNKS_PER_CALL * experiment.chunking.max_tokens
        yield Calls(
            f"{samples:,} synthetic samples", experiment.models.teacher, calls, shown, SAMPLES_PER_CALL * sample
        )
        yield from _checks(experiment, math.ceil(samples * SURPLUS), sample)


def _checks(experiment: Experiment, samples: int, sample: int) -> Iterator[Work]:
    """What each sample is checked by, where it is: its claims by the judge, its question by the student alone."""
    models, filters = experiment.models, experiment.synthesis.filters
    if filters.claims and models.judge:
        shown = CHECK_PROMPT_TOKENS + experiment.chunking.max_tokens + sample
        yield Calls("claims of samples checked", models.judge, samples, shown, 2 * sample)
    if filters.closed_book:
        yield Calls("samples asked without documents", models.student, samples, CHECK_PROMPT_TOKENS + sample, sample)


def _judge(experiment: Experiment, context: int, question: int, answer: int) -> Iterator[Work]:
    """Every pair of arms on every question in both orders, the canaries, and the claims of every answer."""
    model, how, arms = experiment.models.judge, experiment.judging, len(experiment.arms)
    if model is None or arms < 2:
        return
    questions = min(how.questions or experiment.split.evaluation, experiment.split.evaluation)
    pairs = arms - 1 if how.pairs == "baseline" else arms * (arms - 1) // 2
    comparisons = 2 * (pairs * questions * how.votes + CANARIES)
    documents = experiment.retrieval.top_k * context + question
    shown = JUDGE_PROMPT_TOKENS + documents + 3 * answer
    yield Calls("answers compared by the judge", model, comparisons, shown, VERDICT_TOKENS)
    if how.groundedness:
        checked = CHECK_PROMPT_TOKENS + documents + answer
        yield Calls("claims of answers checked", model, arms * questions, checked, 2 * answer)


def _training(experiment: Experiment, arm: Arm, row: int) -> Iterator[Work]:
    if arm.train:
        tokens = (arm.train.original + arm.train.synthetic) * row
        yield from training_work(arm.name, experiment.models.student, tokens, experiment.hyperparameters)


def _mean(counts: Iterator[int]) -> int:
    found = list(counts)
    return math.ceil(sum(found) / len(found)) if found else MAX_SAMPLE_TOKENS


def in_force(settings: Settings, account: str) -> Models:
    """The table in an account's bucket over the one that ships; that one alone where there is no bucket yet."""
    client: Any = boto3.client("s3", region_name=settings.region)
    bucket = settings.bucket or f"{settings.name}-{account}-{settings.region}"
    try:
        body = client.get_object(Bucket=bucket, Key=keys.MODELS)["Body"].read()
    except ClientError:
        return Models(shipped())
    return Models(parse(body.decode(), name=f"s3://{bucket}/{keys.MODELS}"), shipped())


def show(found: Estimate, budget_usd: float | None, console: Console) -> None:
    """The items, their sum, what is unknown, and how that sits with the budget."""
    console.print(_table(found))
    for sentence in sentences(found, budget_usd):
        console.print(sentence, soft_wrap=True, highlight=False)


def sentences(found: Estimate, budget_usd: float | None) -> list[str]:
    """What a person should know beside the items."""
    said = [f"Estimated price: ${found.usd:,.2f}{' and what is unknown' if found.unknown else ''}."]
    if found.unknown:
        said.append(f"Unknown prices: {'; '.join(found.unknown)}. `groundtune models set FILE` takes yours.")
    if budget_usd is None:
        return said
    if found.usd > budget_usd:
        said.append(f"That is more than budget_usd, ${budget_usd:,.2f}: calls beyond it are refused.")
    if found.unknown:
        said.append("With budget_usd set, calls at an unknown price are refused.")
    return said


def _table(found: Estimate) -> Table:
    table = Table(box=box.SIMPLE_HEAD, padding=(0, 1), pad_edge=False)
    for heading in ("Item", "Model", "Amount"):
        table.add_column(heading, overflow="fold")
    table.add_column("US dollars", justify="right")
    for line in found.lines:
        table.add_row(line.what, line.model, line.amount, _usd(line.usd))
    return table


def _usd(usd: float | None) -> str:
    if usd is None:
        return "unknown"
    return f"{usd:,.4f}" if usd else "free"
