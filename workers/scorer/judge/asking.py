"""One vote: two answers to the judge, its rating back through a tool that it must call."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from pydantic import BaseModel, ValidationError

from schemas.artifacts import GroundTruth, RetrievedDocument
from schemas.judging import Ratings, Verdict, Vote
from shared.bedrock.ports import Account, Bedrock, ToolSpec
from shared.errors import Poison
from shared.prompting.judging import DESCRIPTION, TOOL, comparison_schema, render_comparison
from shared.prompting.library import prompt
from shared.prompting.teaching import render_repair
from shared.text.language import detect_language
from workers.scorer.judge.blinding import blind

MAX_TOKENS = 1_024
"""Longest report asked for, tokens."""

COMPARISON = ToolSpec(name=TOOL, description=DESCRIPTION, schema=comparison_schema())


class _Report(BaseModel):
    reason: str = ""
    a: Ratings
    b: Ratings
    verdict: Verdict


@dataclass(frozen=True)
class Judge:
    """A model that compares answers. Raises Retryable when it cannot be asked for now."""

    bedrock: Bedrock
    model: str
    account: Account

    async def votes(
        self, question: GroundTruth, documents: Sequence[RetrievedDocument], a: str, b: str, count: int
    ) -> list[Vote]:
        """``count`` votes on the two answers in this order. What is no vote says why, and is counted as such."""
        language = detect_language(question.question)
        user = render_comparison(documents, question, blind(a), blind(b), language)
        return [await self._vote(prompt("judge", language), user, sample) for sample in range(count)]

    async def _vote(self, system: str, user: str, sample: int) -> Vote:
        try:
            said = await self._ask(system, user, sample)
            if isinstance(said, str):
                said = await self._ask(system, render_repair(user, "", said), sample)
        except Poison as error:
            return Vote(error=error.reason)
        if isinstance(said, str):
            return Vote(error=f"the judge's report cannot be used: {said}")
        return Vote(verdict=said.verdict, a=said.a, b=said.b, reason=said.reason)

    async def _ask(self, system: str, user: str, sample: int) -> _Report | str:
        """The report, or what is wrong with it."""
        answer = await self.bedrock.converse(
            model=self.model, system=system, user=user, max_tokens=MAX_TOKENS,
            tool=COMPARISON, sample=sample, account=self.account,
        )  # fmt: skip
        return _read(answer.tool_input)


def _read(said: dict[str, Any] | None) -> _Report | str:
    if said is None:
        return f"the tool {TOOL} was not called"
    try:
        return _Report.model_validate(said)
    except ValidationError as error:
        first = error.errors()[0]
        return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
