"""What people judge, blind, and what came of it."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from schemas.artifacts import RetrievedDocument
from schemas.base import Model

TaskKind = Literal["counted", "repeat", "warm_up"]


class RankingTask(Model):
    """A question with anonymous answers to rank, as a rater sees it. Nothing in it tells whose answers they are."""

    id: str
    rater: str
    place: int = Field(description="from 1, in the order in which the rater is to work")
    question: str
    answers: dict[str, str] = Field(description="letter → answer, in the order in which they are shown")
    gold: str | None = Field(default=None, description="the reference answer, where raters are to see it")
    documents: list[RetrievedDocument] = Field(default=[], description="what the answers were to rest on")


class RankingKey(Model):
    """Whose answers a task shows. Kept apart from the tasks until all are ranked."""

    task: str
    rater: str
    question: str = Field(description="id of the evaluation pair")
    kind: TaskKind = Field(description="warm-ups count nowhere, repeats only for how steady a rater is")
    arms: dict[str, str] = Field(description="letter → arm")


class RankingAnswer(Model):
    """What a rater said of a task: ``ranks`` (1 is best) or ``points`` of every letter, or why it was skipped."""

    task: str
    ranks: dict[str, float] = {}
    points: dict[str, float] = {}
    skipped: str = ""


class Ranking(Model):
    """A task as it counts. Of k arms the best has k points and the last 1; equal ones share theirs."""

    rater: str
    question: str
    kind: TaskKind = "counted"
    points: dict[str, float] = Field(description="arm → points")


class RankingProblem(Model):
    """What of the answers does not count, or was never given."""

    line: int | None = None
    task: str
    code: Literal["unknown_task", "duplicate", "incomplete", "bad_rank", "wrong_sum", "skipped", "missing"]
    message: str


class Estimate(Model):
    """A number with its 95 % interval; None where nothing is known."""

    value: float | None
    low: float | None = None
    high: float | None = None


class RankedArm(Model):
    """One arm as people ranked it."""

    arm: str
    points: float = Field(description="over all rankings")
    mean: Estimate = Field(description="points a ranking; the interval is clustered by question")
    firsts: float = Field(description="share of rankings in which it is best; one shared by m arms counts 1/m for each")


class RankedPair(Model):
    """Two arms, the one with more points first."""

    first: str
    second: str
    wins: int = Field(description="rankings in which `first` stands above `second`")
    ties: int
    losses: int
    difference: Estimate = Field(description="of mean points")
    p: float | None = Field(default=None, description="two-sided sign-flip test by question")
    p_holm: float | None = Field(default=None, description="adjusted for all pairs")
    significant: bool = False


class JudgeVerdict(Model):
    """A judge on two arms' answers to a question. ``winner`` is ``first``, ``second`` or, for a tie, None."""

    question: str
    first: str
    second: str
    winner: str | None = None


class JudgeAgreement(Model):
    """Verdicts of a judge beside people's: on pairs of arms by question, each a win, a loss or a tie."""

    n: int
    agreement: float
    kappa: float | None = Field(default=None, description="Cohen's; None where chance alone would always agree")


class PeopleReport(Model):
    """Rankings by people, as a report takes them in. docs/statistics.md says what each number is."""

    raters: int
    questions: int
    rankings: int
    best_possible: float = Field(description="points of an arm that is first in every ranking")
    arms: list[RankedArm] = Field(description="most points first")
    friedman_p: float | None = Field(default=None, description="that the arms differ at all; by question")
    kendall_w: float | None = Field(default=None, description="how much questions agree on the order, 0 to 1")
    alpha: Estimate = Field(description="Krippendorff's, ordinal: how much raters agree on a question's answers")
    pairs: list[RankedPair]
    groups: list[list[str]] = Field(description="arms that cannot be told apart, in the order of their points")
    repeats: int = 0
    repeat_tau: float | None = Field(default=None, description="Kendall's tau-b of a rater with himself, mean")
    judge: JudgeAgreement | None = None
    problems: list[RankingProblem] = []
    notes: list[str] = []
