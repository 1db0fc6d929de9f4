"""What fine-tuning left in the account: whose it is, what it costs, and whether it may go.

A worker that died, a message that was lost, a table that was deleted: teardown by events can miss all of them. This
looks at the account itself. It is not told what to expect, and running it twice removes nothing twice.
"""

from __future__ import annotations

from dataclasses import dataclass

from schemas.state import ENDED
from shared.bedrock.holdings import Holding
from shared.bedrock.tags import ARM, RUN, STACK
from shared.errors import Poison, Retryable
from shared.services import Services

TIME_TO_LIVE_H = 24.0
"""Hours that something may live whose run goes on."""


@dataclass(frozen=True)
class Leftover:
    """A holding with our tags. ``run_status`` is None when this stack has no record of the run.

    ``usd_hour`` is None where it is not paid by the hour or nobody has said the price; ``why`` is None for what stays.
    """

    holding: Holding
    run: str
    arm: str
    age_s: float
    usd_hour: float | None
    run_status: str | None
    why: str | None


@dataclass(frozen=True)
class Reaped:
    """What became of a leftover that was to go; ``error`` is Bedrock's word where it did not."""

    leftover: Leftover
    error: str | None = None


async def leftovers(services: Services, now: float, older_than_h: float = TIME_TO_LIVE_H) -> list[Leftover]:
    """Everything in the account that bears this stack's tags, oldest first. ``now`` is Unix seconds.

    Raises Retryable or Poison when Bedrock does not list it.
    """
    ours = [holding for holding in await services.bedrock.holdings() if is_ours(holding, services.settings.name)]
    found = [await _leftover(services, holding, now, older_than_h) for holding in ours]
    return sorted(found, key=lambda leftover: (-leftover.age_s, leftover.holding.arn))


def is_ours(holding: Holding, stack: str) -> bool:
    """Whether a run of this stack made it; another stack's runs may be alive although we know nothing of them."""
    return RUN in holding.tags and holding.tags.get(STACK, stack) == stack


def why_it_goes(run_status: str | None, age_s: float, older_than_h: float) -> str | None:
    """The reason for which a holding is removed; None when it stays."""
    if run_status is None:
        return "its run is unknown"
    if run_status in ENDED:
        return f"its run is {run_status.replace('_', ' ')}"
    return f"older than {older_than_h:g} h" if age_s > older_than_h * 3_600 else None


async def reap(services: Services, leftover: Leftover) -> Reaped:
    """Stops the job, or removes what serves; no error when it is gone already."""
    holding = leftover.holding
    try:
        if holding.kind == "customization job":
            await services.bedrock.stop_job(holding.arn)
        else:
            await services.bedrock.delete_deployment(holding.arn)
    except (Retryable, Poison) as error:
        return Reaped(leftover, str(error))
    await _record(services, leftover)
    return Reaped(leftover)


async def _leftover(services: Services, holding: Holding, now: float, older_than_h: float) -> Leftover:
    run = holding.tags[RUN]
    record = await services.runs.get(run)
    status = None if record is None else record.status
    age_s = max(0.0, now - holding.created)
    return Leftover(
        holding=holding,
        run=run,
        arm=holding.tags.get(ARM, ""),
        age_s=age_s,
        usd_hour=await _usd_hour(services, holding),
        run_status=status,
        why=why_it_goes(status, age_s, older_than_h),
    )


async def _usd_hour(services: Services, holding: Holding) -> float | None:
    if not holding.units:
        return None
    price = (await services.models.of(holding.model)).usd_hosting_hour
    return None if price is None else price * holding.units


async def _record(services: Services, leftover: Leftover) -> None:
    """The arm knows that its deployment is gone, so that nobody removes it again."""
    arm = await services.runs.arm(leftover.run, leftover.arm)
    if arm is not None and arm.deployment == leftover.holding.arn:
        await services.runs.set_arm(leftover.run, leftover.arm, torn_down=True)
