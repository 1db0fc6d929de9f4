"""Names and tokens of what an arm makes on Bedrock: the same for every delivery of the same message."""

from __future__ import annotations

from schemas.base import content_hash


def job_name(run: str, arm: str, revision: int = 0) -> str:
    """At most 63 characters of ``[a-zA-Z0-9-]``: job, custom model and deployment all bear it."""
    return f"gt-{content_hash(_revised(run, revision))[:16]}-{arm}"[:63].rstrip("-")


def request_token(run: str, arm: str, what: str, revision: int = 0) -> str:
    """The clientRequestToken: Bedrock ignores a repeated request that bears it."""
    return content_hash([_revised(run, revision), arm, what])


def _revised(run: str, revision: int) -> str:
    """What a revision makes anew needs a name of its own; what the run itself made keeps the run's."""
    return f"{run}#{revision}" if revision else run
