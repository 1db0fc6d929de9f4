"""What the judge said of a whole run, for the report. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from schemas.base import content_hash
from schemas.experiment import Experiment
from schemas.judging import CRITERIA, ClaimCheck, JudgedShard, Judgement, Ratings
from schemas.report import JudgeBias, JudgeCanary, JudgeMatch, JudgeReport
from shared.prompting.judging import comparison_schema
from shared.prompting.library import LANGUAGES, prompt
from workers.scorer.judge.bias import bias, canary_results
from workers.scorer.judge.canaries import LEAST
from workers.scorer.judge.deciding import outcome
from workers.scorer.judge.matches import Pair, pairs
from workers.scorer.judge.standing import POINTS, match_of
from workers.scorer.judge.strengths import Played, strengths

_REGION = re.compile(r"^(?:us|us-gov|eu|apac|jp|au|ca|global)\.")

Lengths = Mapping[str, Mapping[str, int]]
"""By arm's slug and question: characters of the answer."""


def judge_report(
    experiment: Experiment, shards: Sequence[JudgedShard], lengths: Lengths, lost: int = 0
) -> JudgeReport | None:
    """None where no judge was named or nothing was said. ``lost``: shards that could not be judged."""
    model = experiment.models.judge
    said = [found for shard in shards for found in shard.judgements]
    matches = [found for found in said if found.kind == "match" and _compared(found, lengths)]
    if model is None or not said:
        return None
    results, shares = canary_results([found for found in said if found.kind != "match"]), bias(matches)
    names = {arm.slug: arm.name for arm in experiment.arms}
    return JudgeReport(
        model=model,
        signature=signature(experiment),
        valid=bool(results) and all(found.valid for found in results),
        notes=_notes(experiment, results, shares, lost),
        questions=len({found.id for found in matches}),
        matches=[_match(pair, matches, lengths, experiment.seed) for pair in pairs(experiment)],
        strengths=strengths(list(names.values()), _played(experiment, matches), experiment.seed),
        bias=shares,
        canaries=results,
        ratings={names[slug]: means for slug, means in _ratings(matches).items()},
        groundedness=_groundedness(shards, names),
    )


def signature(experiment: Experiment) -> str:
    """How the judge was asked: with the same signature, the same answers get the same cached votes."""
    prompts = content_hash([comparison_schema(), *(prompt("judge", language) for language in LANGUAGES)])[:12]
    return f"judge|{experiment.models.judge}|prompt={prompts}|orders=2|votes={experiment.judging.votes}|tie=disagree"


def _compared(found: Judgement, lengths: Lengths) -> bool:
    """Not what was said of an arm that failed since."""
    return found.id in lengths.get(found.first, {}) and found.id in lengths.get(found.second, {})


def _match(pair: Pair, matches: Iterable[Judgement], lengths: Lengths, seed: int) -> JudgeMatch:
    arm, against = pair
    found = [said for said in matches if (said.first, said.second) == (arm.slug, against.slug)]
    longer = [float(lengths[arm.slug][said.id] - lengths[against.slug][said.id]) for said in found]
    return match_of(arm.name, against.name, found, longer, seed)


def _played(experiment: Experiment, matches: Sequence[Judgement]) -> list[Played]:
    """What the strengths are fitted to: every comparison with an outcome."""
    place = {arm.slug: n for n, arm in enumerate(experiment.arms)}
    question = {id: n for n, id in enumerate(sorted({found.id for found in matches}))}
    ends = [(found, outcome(found)) for found in matches]
    return [
        (question[found.id], place[found.first], place[found.second], POINTS[end])
        for found, end in ends
        if end != "error"
    ]


def _ratings(matches: Iterable[Judgement]) -> dict[str, dict[str, float]]:
    """By slug the means over all usable votes on the arm's answers, in whichever place they were shown."""
    given: dict[str, list[Ratings]] = {}
    for found in matches:
        for votes, a, b in ((found.forward, found.first, found.second), (found.backward, found.second, found.first)):
            for vote in votes:
                if vote.a is not None and vote.b is not None:
                    given.setdefault(a, []).append(vote.a)
                    given.setdefault(b, []).append(vote.b)
    return {slug: {name: _mean(getattr(r, name) for r in found) for name in CRITERIA} for slug, found in given.items()}


def _groundedness(shards: Iterable[JudgedShard], names: Mapping[str, str]) -> dict[str, float]:
    checks = [check for shard in shards for check in shard.claims]
    shares = {name: _share([check for check in checks if check.arm == slug]) for slug, name in names.items()}
    return {name: share for name, share in shares.items() if share is not None}


def _share(checks: Sequence[ClaimCheck]) -> float | None:
    """Mean over answers of the share of their claims that documents support."""
    read = [check.supported / check.claims for check in checks if check.claims and check.supported is not None]
    return _mean(read) if read else None


def _mean(values: Iterable[float]) -> float:
    return round(float(np.mean(list(values))), 6)


def _notes(experiment: Experiment, canaries: Sequence[JudgeCanary], shares: JudgeBias, lost: int) -> list[str]:
    notes = [
        f"Not valid: {found.passed} of {found.n} comparisons of the kind {found.kind!r}, whose outcome is known, ended "
        f"as they must; at least {100 * LEAST:.0f} % of them have to."
        for found in canaries
        if not found.valid
    ]
    if not canaries:
        notes.append("Not valid: the comparisons whose outcome is known could not be judged.")
    if lost:
        notes.append(f"{lost} of the shards could not be judged; what is shown is of the others.")
    if shares.consistency is not None and shares.consistency < 0.8:
        share = f"{100 * shares.consistency:.0f} %"
        notes.append(f"The judge says the same in both orders of only {share} of the questions.")
    return notes + _kinship(experiment)


def _kinship(experiment: Experiment) -> list[str]:
    judge, student = (_maker(model) for model in (experiment.models.judge or "", experiment.models.student))
    if judge != student:
        return []
    return [f"Judge and student have one maker ({judge}); a judge may prefer its own."]


def _maker(model: str) -> str:
    """The first part of a model id, behind the region of an inference profile: ``us.anthropic.claude-…``."""
    return _REGION.sub("", model).partition(".")[0]
