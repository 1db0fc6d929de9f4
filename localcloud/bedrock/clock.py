"""Times as Bedrock writes them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta


def now() -> str:
    """ISO 8601 in UTC with microseconds, so that creation times sort."""
    return written(datetime.now(UTC))


def later(moment: str, hours: int) -> str:
    """A time so many hours after one that ``now`` wrote, written alike."""
    return written(datetime.fromisoformat(moment) + timedelta(hours=hours))


def age_s(moment: str) -> float:
    """Seconds since a time that ``now`` wrote."""
    return (datetime.now(UTC) - datetime.fromisoformat(moment)).total_seconds()


def written(moment: datetime) -> str:
    """A time in UTC as Bedrock writes it."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
