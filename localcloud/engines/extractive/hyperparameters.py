"""What a job's hyperparameters mean here. Names and defaults follow Bedrock's pages for Claude 3 and Nova.

The model has under a hundred weights, so an epoch is PASSES_PER_EPOCH passes over the rows, and one job makes a
difference with Bedrock's own defaults. ``learningRate`` is read relative to 1e-5, the default for Nova.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

PASSES_PER_EPOCH = 8
STEP_SIZE = 0.05
"""Adam's step at multiplier 1."""
REFERENCE_LEARNING_RATE = 1e-5


@dataclass(frozen=True)
class Hyperparameters:
    """``patience`` counts epochs without an improvement of the validation loss by ``threshold``."""

    epochs: int = 2
    batch_size: int = 32
    multiplier: float = 1.0
    warmup_steps: int = 0
    threshold: float = 0.001
    patience: int = 2
    seed: int = 7


def read_hyperparameters(given: Mapping[str, str]) -> Hyperparameters:
    """The values named, defaults for the rest; unknown names are left alone. Raises ValueError for a wrong value."""
    multiplier = _number(given, "learningRateMultiplier", 1.0, 0.01, 100)
    if "learningRate" in given:
        multiplier *= min(max(_number(given, "learningRate", 1e-5, 0, 1) / REFERENCE_LEARNING_RATE, 0.1), 10.0)
    return Hyperparameters(
        epochs=int(_number(given, "epochCount", 2, 1, 100)),
        batch_size=int(_number(given, "batchSize", 32, 1, 4096)),
        multiplier=multiplier,
        warmup_steps=int(_number(given, "learningRateWarmupSteps", 0, 0, 100_000)),
        threshold=_number(given, "earlyStoppingThreshold", 0.001, 0, 1),
        patience=int(_number(given, "earlyStoppingPatience", 2, 1, 100)),
        seed=int(_number(given, "seed", 7, 0, 2**31)),
    )


def _number(given: Mapping[str, str], name: str, default: float, low: float, high: float) -> float:
    try:
        value = float(given.get(name, default))
    except ValueError:
        raise ValueError(f"hyperparameter {name} is {given[name]!r}; it must be a number") from None
    if not low <= value <= high:
        raise ValueError(f"hyperparameter {name} is {given[name]}; it must lie between {low:g} and {high:g}")
    return value
