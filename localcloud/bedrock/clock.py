"""Times as Bedrock writes them."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> str:
    """ISO 8601 in UTC with microseconds, so that creation times sort."""
    return datetime.now(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")


def age_s(moment: str) -> float:
    """Seconds since a time that ``now`` wrote."""
    return (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()
