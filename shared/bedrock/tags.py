"""Tags by which everything that groundtune made on Bedrock can be found again."""

from __future__ import annotations

STACK, RUN, ARM = "groundtune:stack", "groundtune:run", "groundtune:arm"


def tags(stack: str, run: str, arm: str | None = None) -> dict[str, str]:
    """``stack`` is the name of the provisioned stack: an account may hold several, and none knows the other's runs.

    What a run makes as a whole belongs to no arm.
    """
    of_run = {STACK: stack, RUN: run}
    return of_run if arm is None else of_run | {ARM: arm}
