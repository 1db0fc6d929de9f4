"""What each ingredient did: the prompt, fine-tuning, synthetic samples. Direct paired comparisons of arms. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from schemas.experiment import Arm, Train
from workers.scorer.metrics import METRICS
from workers.scorer.pairing import ArmResult, Column, Paired
from workers.scorer.statistics import Change, adjusted

GAIN, LOSS, SAME, UNKNOWN = "a gain", "a loss", "no difference beyond chance", "cannot be judged"
SAME_AMONG_MANY = f"{SAME} among so many comparisons"
"""The interval leaves out zero, and the adjusted test does not agree."""


@dataclass(frozen=True)
class Verdict:
    """A change in words: its numbers with the 95 % interval in brackets, and what they amount to."""

    numbers: str
    word: str


@dataclass(frozen=True)
class _Contrast:
    what: str
    new: str
    base: str


def verdict(change: Change) -> Verdict:
    """Only what interval and test agree on counts as a gain or a loss."""
    if change.relative is None:
        return Verdict("no ratio, as the compared value is zero", UNKNOWN)
    if change.low is None or change.high is None:
        return Verdict(f"{_percent(change.relative)} (no interval)", UNKNOWN)
    numbers = f"{_percent(change.relative)} [{_percent(change.low)}, {_percent(change.high)}]"
    same = SAME if change.low <= 0 <= change.high else SAME_AMONG_MANY
    return Verdict(numbers, GAIN if change.better else LOSS if change.worse else same)


def effects(
    paired: Paired, results: Sequence[ArmResult], metrics: Sequence[str], table: Mapping[Column, Change]
) -> list[str]:
    """One sentence per ingredient that two scored arms differ in.

    ``table``: arms against the baseline. What stands there is told as it stands there; the p-values of all other
    comparisons are adjusted for each other.
    """
    arms = [result.arm for result in results if result.name in paired.scored]
    contrasts = [*_prompts(arms), *_fine_tuning(arms), *_synthetic(arms)]
    baseline = results[0].name
    other = [(c.base, c.new, metric) for c in contrasts if c.base != baseline for metric in metrics]
    told = {(baseline, arm, metric): change for (arm, metric), change in table.items()}
    told |= dict(zip(other, adjusted([paired.change(*key) for key in other]), strict=True))
    return [_sentence(c, {metric: told[c.base, c.new, metric] for metric in metrics}) for c in contrasts]


def _prompts(arms: Sequence[Arm]) -> Iterator[_Contrast]:
    for arm in arms[1:]:
        if arm.train is None and arms[0].train is None and arm.prompt != arms[0].prompt:
            yield _Contrast(f"The prompt {arm.prompt!r} alone", arm.name, arms[0].name)


def _fine_tuning(arms: Sequence[Arm]) -> Iterator[_Contrast]:
    untrained = {arm.prompt: arm for arm in reversed(arms) if arm.train is None}
    for arm in arms:
        if arm.train is not None and arm.prompt in untrained:
            yield _Contrast("Fine-tuning, with the same prompt", arm.name, untrained[arm.prompt].name)


def _synthetic(arms: Sequence[Arm]) -> Iterator[_Contrast]:
    """Synthetic samples added to the same original ones, and in place of as many original ones."""
    for arm in arms:
        if arm.train is None or not arm.train.synthetic:
            continue
        original, synthetic = arm.train.original, arm.train.synthetic
        if other := _trained(arms, arm.prompt, Train(original=original) if original else None):
            yield _Contrast(f"Adding {synthetic} synthetic samples to {original} original ones", arm.name, other)
        if other := _trained(arms, arm.prompt, Train(original=original + synthetic)):
            what = f"{synthetic} synthetic samples in place of as many original ones"
            yield _Contrast(what, arm.name, other)


def _trained(arms: Sequence[Arm], prompt: str, train: Train | None) -> str | None:
    return next((arm.name for arm in arms if train and arm.prompt == prompt and arm.train == train), None)


def _sentence(contrast: _Contrast, changes: Mapping[str, Change]) -> str:
    found = {metric: verdict(change) for metric, change in changes.items()}
    parts = [f"{METRICS[metric].label} {v.numbers}, {v.word}" for metric, v in found.items()]
    end = _outcome({v.word for v in found.values()})
    return f"{contrast.what} ({contrast.new} against {contrast.base}) {end}: {'; '.join(parts)}."


def _outcome(words: set[str]) -> str:
    if {GAIN, LOSS} <= words:
        return "helped in part and hurt in part"
    if words == {UNKNOWN}:
        return "cannot be judged"
    part = " in part" if {SAME, SAME_AMONG_MANY} & words else ""
    return f"helped{part}" if GAIN in words else f"hurt{part}" if LOSS in words else "did not measurably help"


def _percent(share: float) -> str:
    return f"{100 * share:+.1f} %".replace("-", "−")
