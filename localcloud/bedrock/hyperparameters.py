"""Hyperparameters that a local customization job takes.

Names and ranges cover those of Claude 3, Nova and Llama, so that a job written for a real model runs behind an alias.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from localcloud.bedrock.errors import ValidationException


@dataclass(frozen=True)
class Range:
    low: float
    high: float
    whole: bool = False

    def admits(self, text: str) -> bool:
        try:
            value = int(text) if self.whole else float(text)
        except ValueError:
            return False
        return self.low <= value <= self.high


RANGES: dict[str, Range] = {
    "epochCount": Range(1, 50, whole=True),
    "batchSize": Range(1, 256, whole=True),
    "learningRate": Range(1e-7, 1.0),
    "learningRateMultiplier": Range(0.1, 2.0),
    "learningRateWarmupSteps": Range(0, 1000, whole=True),
    "earlyStoppingThreshold": Range(0.0, 0.1),
    "earlyStoppingPatience": Range(1, 10, whole=True),
    "seed": Range(0, 2**31 - 1, whole=True),
}


def check(hyperparameters: Mapping[str, str]) -> None:
    """Raises ValidationException that names what is unknown or out of range."""
    problems = []
    for name, text in hyperparameters.items():
        allowed = RANGES.get(name)
        if allowed is None:
            problems.append(f"{name} is not a hyperparameter of this model; it takes {', '.join(RANGES)}")
        elif not allowed.admits(text):
            kind = "a whole number" if allowed.whole else "a number"
            problems.append(f"{name} is '{text}'; it must be {kind} from {allowed.low:g} to {allowed.high:g}")
    if problems:
        raise ValidationException(f"The provided hyperparameters are invalid: {'; '.join(problems)}")
