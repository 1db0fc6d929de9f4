"""One question to one model: prompt in, prediction out."""

from __future__ import annotations

from collections.abc import Sequence

from schemas.artifacts import GroundTruth, Prediction, RetrievedDocument
from shared.bedrock.ports import Account, Bedrock
from shared.errors import Poison
from shared.prompting.layout import render_question

MAX_TOKENS = 1_024
"""Longest answer asked for, tokens."""


async def answer(
    bedrock: Bedrock, *, model: str, system: str, question: GroundTruth, documents: Sequence[RetrievedDocument],
    account: Account | None = None,
) -> Prediction:  # fmt: skip
    """The model's answer. A refusal by Bedrock, and a budget that is spent, becomes a prediction with ``error``;
    throttling is raised."""
    user = render_question(documents, question.question)
    try:
        reply = await bedrock.converse(model=model, system=system, user=user, max_tokens=MAX_TOKENS, account=account)
    except Poison as error:
        return unanswered(question, error.reason, documents)
    return Prediction(
        id=question.id,
        question=question.question,
        answer=reply.text,
        documents=list(documents),
        stop_reason=reply.stop_reason,
        input_tokens=reply.input_tokens,
        output_tokens=reply.output_tokens,
    )


def unanswered(question: GroundTruth, error: str, documents: Sequence[RetrievedDocument] = ()) -> Prediction:
    """The prediction of a question that got no answer."""
    return Prediction(
        id=question.id,
        question=question.question,
        answer="",
        documents=list(documents),
        stop_reason="error",
        error=error,
    )
