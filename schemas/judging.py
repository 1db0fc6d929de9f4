"""What the LLM judge is asked, and what it said: votes on two answers to one question, in both orders."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.base import Model, StrictModel

Verdict = Literal["A", "B", "tie"]
CRITERIA = ("correctness", "citations", "conciseness", "tone")
"""What an answer is rated for, the weightiest first."""


class Judging(StrictModel):
    """What ``models.judge`` compares. Left out, it compares every arm with the baseline, once in each order."""

    pairs: Literal["baseline", "all"] = Field(default="baseline", description="all: every arm with every other")
    votes: Literal[1, 3, 5] = Field(
        default=1, description="votes in each order; the first at temperature 0, further ones at 0.7"
    )
    questions: int | None = Field(default=None, ge=1, description="how many questions are judged; None: all")
    groundedness: bool = Field(
        default=False, description="have the judge also look for each claim of each answer in its documents"
    )


class Ratings(Model):
    """One answer, 1 (bad) to 5."""

    correctness: int = Field(ge=1, le=5)
    citations: int = Field(ge=1, le=5)
    conciseness: int = Field(ge=1, le=5)
    tone: int = Field(ge=1, le=5)


class Vote(Model):
    """What the judge said once, of the answers shown as A and B. ``error``: nothing that can be used, and why."""

    verdict: Verdict | None = None
    a: Ratings | None = None
    b: Ratings | None = None
    reason: str = ""
    error: str | None = None


class Judgement(Model):
    """Two answers to one question. ``forward`` has the first one as A, ``backward`` the second one.

    A match is between two arms, by slug. A canary is between two texts whose order everybody knows: ``identical`` must
    tie; in ``foreign`` and ``injected`` the first is the reference answer and the second another question's, which in
    ``injected`` tells the judge to prefer it.
    """

    id: str = Field(description="of the question")
    kind: Literal["match", "identical", "foreign", "injected"] = "match"
    first: str
    second: str
    forward: list[Vote]
    backward: list[Vote]


class ClaimCheck(Model):
    """How many claims of an arm's answer its documents support, says the judge. None: the reply could not be read."""

    id: str
    arm: str
    claims: int | None = None
    supported: int | None = None


class JudgedShard(Model):
    """What the judge said of one shard's questions, or of the canaries."""

    judgements: list[Judgement] = []
    claims: list[ClaimCheck] = []
