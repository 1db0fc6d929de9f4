"""What a model says of a draft: are its claims in the cited text, and can it be answered without? Last, a guardrail."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from schemas.artifacts import Chunk, RetrievedDocument
from schemas.recipe import Recipe
from shared.bedrock.ports import Account, Bedrock
from shared.prompting.checking import render_closed_book, render_groundedness
from shared.prompting.claims import read_claims
from shared.prompting.teaching import render_repair
from shared.text.quotes import squeeze
from shared.text.words import match_words
from workers.synthetic_gen.asking import as_shown
from workers.synthetic_gen.filters import Setting
from workers.synthetic_gen.replies import Draft

CHECK_TOKENS = 2_048
CLOSED_BOOK_TOKENS = 512
"""Longest replies asked for, tokens."""

Refusal = tuple[str, str]
"""Rejection code and why."""


@dataclass(frozen=True)
class Checker:
    """Asks models about drafts of one recipe; ``titles`` by document."""

    bedrock: Bedrock
    recipe: Recipe
    titles: dict[str, str]
    account: Account

    async def refuses(self, draft: Draft, setting: Setting) -> Refusal | None:
        """The first check that refuses, in the order of ``CHECKS``; None when the draft is good."""
        for check in CHECKS:
            if (refusal := await check(self, draft, setting)) is not None:
                return refusal
        return None

    def shown(self, chunks: Sequence[Chunk]) -> list[RetrievedDocument]:
        return as_shown(chunks, self.titles)

    async def ask(self, model: str, prompt: str, user: str, max_tokens: int) -> str:
        system = self.recipe.prompts[prompt]
        answer = await self.bedrock.converse(
            model=model, system=system, user=user, max_tokens=max_tokens, account=self.account
        )
        return answer.text


async def claims_are_supported(checker: Checker, draft: Draft, setting: Setting) -> Refusal | None:
    """Claim by claim against the raw text of the cited chunks; what the checker quotes must really stand there."""
    model, prompt = checker.recipe.checker, f"groundedness.{setting.language}"
    if model is None:
        return None
    documents = checker.shown(setting.cited(draft))
    user = render_groundedness(documents, draft.question, draft.answer, setting.language)
    reply = await checker.ask(model, prompt, user, CHECK_TOKENS)
    found = read_claims(reply)
    if isinstance(found, str):
        found = read_claims(await checker.ask(model, prompt, render_repair(user, reply, found), CHECK_TOKENS))
    if isinstance(found, str):
        return "unchecked", f"the checker's reply cannot be read: {found}"
    text = squeeze("\n".join(document.text for document in documents))
    for claim in found:
        if claim.verdict == "unsupported" or not squeeze(claim.quote) or squeeze(claim.quote) not in text:
            return "ungrounded", f"no cited document says {claim.claim[:200]!r}"
    return None


async def needs_its_documents(checker: Checker, draft: Draft, setting: Setting) -> Refusal | None:
    """A question that a model answers by itself teaches no reading."""
    model = checker.recipe.closed_book
    if model is None:
        return None
    user = render_closed_book(draft.question)
    said = await checker.ask(model, f"closed_book.{setting.language}", user, CLOSED_BOOK_TOKENS)
    share = overlap(draft.answer, said, draft.question)
    if share < setting.filters.closed_book_overlap:
        return None
    return "closed_book", f"{model} answers it without documents ({share:.0%} of the answer's words): {said[:200]!r}"


async def passes_guardrail(checker: Checker, draft: Draft, setting: Setting) -> Refusal | None:
    """Bedrock's own grounding and relevance scores, where a guardrail is configured."""
    guardrail = setting.filters.guardrail
    if guardrail is None:
        return None
    source = "\n\n".join(document.text for document in checker.shown(setting.cited(draft)))
    scores = await checker.bedrock.ground(
        guardrail=guardrail.id, version=guardrail.version, source=source, query=draft.question, answer=draft.answer,
        account=checker.account,
    )  # fmt: skip
    for name, score, least in (
        ("grounding", scores.grounding, guardrail.grounding),
        ("relevance", scores.relevance, guardrail.relevance),
    ):
        if score is not None and score < least:
            return "guardrail", f"{name} score {score:.2f} is below {least:g}"
    return None


CHECKS: tuple[Callable[[Checker, Draft, Setting], Awaitable[Refusal | None]], ...] = (
    claims_are_supported,
    needs_its_documents,
    passes_guardrail,
)


def overlap(answer: str, said: str, question: str) -> float:
    """Share of the answer's terms, but for those that the question gives away, that ``said`` has too; 0 of none."""
    told = set(match_words(answer)) - set(match_words(question))
    return len(told & set(match_words(said))) / len(told) if told else 0.0
