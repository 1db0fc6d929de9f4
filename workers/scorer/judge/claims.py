"""Claim-level groundedness: how many of an answer's claims its documents support, says the judge.

A claim counts only when the words that the judge quotes for it stand in one of the documents.
Source of the method: Es et al., "RAGAS: Automated Evaluation of Retrieval Augmented Generation" (2023), faithfulness.
"""

from __future__ import annotations

from schemas.artifacts import Prediction
from schemas.judging import ClaimCheck
from shared.errors import Poison
from shared.prompting.checking import render_groundedness
from shared.prompting.claims import Claim, read_claims
from shared.prompting.library import prompt
from shared.prompting.teaching import render_repair
from shared.text.language import detect_language
from shared.text.quotes import squeeze
from workers.scorer.judge.asking import Judge

MAX_TOKENS = 2_048
"""Longest reply asked for, tokens."""


async def check_claims(judge: Judge, arm: str, prediction: Prediction) -> ClaimCheck:
    """Asks about one answer; a reply that cannot be read is asked for once more, and then is none."""
    language = detect_language(prediction.question)
    user = render_groundedness(prediction.documents, prediction.question, prediction.answer, language)
    try:
        reply = await _ask(judge, language, user)
        found = read_claims(reply)
        if isinstance(found, str):
            found = read_claims(await _ask(judge, language, render_repair(user, reply, found)))
    except Poison:
        return ClaimCheck(id=prediction.id, arm=arm)
    if isinstance(found, str):
        return ClaimCheck(id=prediction.id, arm=arm)
    return ClaimCheck(id=prediction.id, arm=arm, claims=len(found), supported=_supported(found, prediction))


async def _ask(judge: Judge, language: str, user: str) -> str:
    answer = await judge.bedrock.converse(
        model=judge.model, system=prompt("groundedness", language), user=user, max_tokens=MAX_TOKENS,
        account=judge.account,
    )  # fmt: skip
    return answer.text


def _supported(claims: list[Claim], prediction: Prediction) -> int:
    text = squeeze("\n".join(document.text for document in prediction.documents))
    quotes = [squeeze(claim.quote) for claim in claims if claim.verdict == "supported"]
    return sum(bool(quote) and quote in text for quote in quotes)
