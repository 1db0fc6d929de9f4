"""One question to one model: prompt in, prediction out."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import asdict

from schemas.artifacts import GroundTruth, Prediction, RetrievedDocument
from schemas.base import content_hash
from shared.bedrock.ports import Account, Bedrock
from shared.bedrock.serving import PLAIN, Serving
from shared.bedrock.turns import Turn
from shared.errors import Poison
from shared.prompting.layout import render_question

MAX_TOKENS = 1_024
"""Longest answer asked for, tokens."""

Timer = Callable[[], float]
"""Seconds from any start that never go backwards."""


async def answer(
    bedrock: Bedrock, *, model: str, system: str, question: GroundTruth, documents: Sequence[RetrievedDocument],
    account: Account | None = None, serving: Serving = PLAIN, timer: Timer = time.perf_counter,
) -> Prediction:  # fmt: skip
    """The model's answer. A refusal by Bedrock, and a budget that is spent, becomes a prediction with ``error``;
    throttling is raised."""
    turn = turn_of(model, system, question, documents)
    prompt = prompt_hash(system, turn.user)
    started = timer()
    try:
        reply = await bedrock.converse(**asdict(turn), account=account, serving=serving)
    except Poison as error:
        return unanswered(question, error.reason, documents, prompt_sha256=prompt)
    return Prediction(
        id=question.id,
        question=question.question,
        answer=reply.text,
        documents=list(documents),
        prompt_sha256=prompt,
        stop_reason=reply.stop_reason,
        input_tokens=reply.input_tokens,
        output_tokens=reply.output_tokens,
        cache_read_tokens=reply.cache_read_tokens,
        cache_write_tokens=reply.cache_write_tokens,
        cached=reply.cached,
        latency_ms=None if reply.cached else round((timer() - started) * 1_000, 3),
    )


def turn_of(model: str, system: str, question: GroundTruth, documents: Sequence[RetrievedDocument]) -> Turn:
    """What a model is asked, online and in a batch alike."""
    return Turn(model, system, render_question(documents, question.question), MAX_TOKENS)


def prompt_hash(system: str, user: str) -> str:
    """SHA-256 of what a model reads, whichever model it is: arms with equal hashes were asked the same."""
    return content_hash({"system": system, "user": user})


def unanswered(
    question: GroundTruth, error: str, documents: Sequence[RetrievedDocument] = (), *, prompt_sha256: str = ""
) -> Prediction:
    """The prediction of a question that got no answer."""
    return Prediction(
        id=question.id,
        question=question.question,
        answer="",
        documents=list(documents),
        prompt_sha256=prompt_sha256,
        stop_reason="error",
        error=error,
    )
