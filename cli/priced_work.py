"""What an experiment asks of models, and how much of it: the counts that its price follows from."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence

from schemas.artifacts import GroundTruth
from schemas.experiment import Arm, Experiment
from shared.bedrock.estimate import Calls, Guarding, Work
from shared.bedrock.models import Facts
from shared.bedrock.requests import TEXT_UNIT
from shared.bedrock.routing import answer_route, by_batch
from shared.bedrock.serving import serving_of
from shared.bedrock.training import training_work
from shared.bedrock.usage import Route
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
CHARACTERS_PER_TOKEN = 4
"""Of English, for a guardrail's text units, which are counted in characters; Korean has fewer."""
MAX_SAMPLE_TOKENS = 250
"""A question with its answer and citations, where the ground truth does not say."""


def work(
    experiment: Experiment, truth: Sequence[GroundTruth], facts: Callable[[str], Facts], corpus_bytes: int = 0
) -> Iterator[Work]:
    """The calls and the training that an experiment asks for; contexts are counted full, answers as long as people's
    (a base model says more). ``facts`` decide what goes by batch inference, as they will in the run. ``corpus_bytes``
    are those of its files, 0 where they are not at hand."""
    context = experiment.chunking.max_tokens
    answer = _mean(estimate_tokens(pair.answer) for pair in truth)
    question = _mean(estimate_tokens(pair.question) for pair in truth)
    yield from _teacher(experiment, question + answer, facts)
    yield from _embeddings(experiment, question, corpus_bytes)
    student, asking = experiment.models.student, experiment.split.evaluation
    route = _route(experiment, asking, facts(student))
    for arm in experiment.arms:
        asked = estimate_tokens(experiment.prompts[arm.prompt]) + experiment.retrieval.top_k * context + question
        yield from _training(experiment, arm, asked + answer)
        yield Calls(f"evaluation, {arm.name}", student, asking, asked, answer, route)
        yield from _guardrail(experiment, arm, asking, asked + answer)
    yield from _judge(experiment, context, question, answer)


def _route(experiment: Experiment, questions: int, facts: Facts) -> Route:
    by_batch = answer_route(experiment, questions, facts) == "batch"
    return "batch" if by_batch else experiment.inference.service_tier


def _guardrail(experiment: Experiment, arm: Arm, questions: int, tokens: int) -> Iterator[Work]:
    if experiment.inference.guardrail is not None:
        guard = serving_of(experiment.inference).guardrail
        assert guard is not None
        units = math.ceil(tokens * CHARACTERS_PER_TOKEN / TEXT_UNIT)
        yield Guarding(f"guardrail, {arm.name}", guard.name, questions * units)


def _embeddings(experiment: Experiment, question: int, corpus_bytes: int) -> Iterator[Work]:
    """Questions for their likeness; of a hybrid search also all chunks of the corpus, from above: files hold more than
    their text."""
    model = experiment.models.embeddings
    if model is None:
        return
    trains = [arm.train for arm in experiment.arms if arm.train]
    trained = max((train.original + train.synthetic for train in trains), default=0)
    asked = trained + experiment.split.evaluation
    yield Calls("questions embedded", model, asked, question, 0)
    if experiment.retrieval.mode == "hybrid":
        tokens = experiment.chunking.max_tokens
        yield Calls("chunks embedded", model, math.ceil(corpus_bytes / CHARACTERS_PER_TOKEN / tokens), tokens, 0)


def _teacher(experiment: Experiment, sample: int, facts: Callable[[str], Facts]) -> Iterator[Work]:
    """Arms are nested: the largest number of synthetic samples holds all others."""
    samples = max((arm.train.synthetic for arm in experiment.arms if arm.train), default=0)
    if samples:
        calls = math.ceil(samples / SAMPLES_PER_CALL)
        shown = TEACHER_PROMPT_TOKENS + CHUNKS_PER_CALL * experiment.chunking.max_tokens
        teacher = experiment.models.teacher
        route: Route = "batch" if by_batch(experiment.synthesis.batch, facts(teacher), calls) else "default"
        yield Calls(f"{samples:,} synthetic samples", teacher, calls, shown, SAMPLES_PER_CALL * sample, route)
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
