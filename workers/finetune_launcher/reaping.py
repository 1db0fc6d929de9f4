"""What runs left in the account: whose it is, what it costs, and whether it may go.

A worker that died, a message that was lost, a table that was deleted: teardown by events can miss all of them. This
looks at the account itself. It is not told what to expect, and running it twice removes nothing twice.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from schemas.state import ENDED
from shared.bedrock.charges import HostingEntry
from shared.bedrock.holdings import JOB_KINDS, Holding, HoldingKind
from shared.bedrock.tags import ARM, RUN, STACK
from shared.errors import Poison, Retryable
from shared.services import Services

TIME_TO_LIVE_H = 24.0
"""Hours that something may serve a model whose run goes on."""
HOURS_A_MONTH = 730.0

_ORDER: Sequence[HoldingKind] = (*JOB_KINDS, "deployment", "provisioned throughput", "custom model")
"""A model cannot go before what serves it."""


@dataclass(frozen=True)
class Limits:
    """What may go. ``older_than_h`` bounds the life of what serves a model while its run goes on; ``models``: custom
    models of runs that have ended go, too, and with them what their training cost."""

    older_than_h: float = TIME_TO_LIVE_H
    models: bool = False


@dataclass(frozen=True)
class Leftover:
    """A holding with our tags. ``run_status`` is None when this stack has no record of the run.

    ``usd_hour`` is None where it is not paid by the hour or nobody has said the price; ``why`` is the reason for which
    it goes, None for what stays.
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


async def leftovers(services: Services, now: float, limits: Limits = Limits()) -> list[Leftover]:
    """Everything in the account that bears this stack's tags, in the order in which it may go. ``now`` is Unix seconds.

    Raises Retryable or Poison when Bedrock does not list it.
    """
    ours = [holding for holding in await services.bedrock.holdings() if is_ours(holding, services.settings.name)]
    found = [await _leftover(services, holding, now, limits) for holding in ours]
    return sorted(found, key=lambda each: (_ORDER.index(each.holding.kind), -each.age_s, each.holding.arn))


def is_ours(holding: Holding, stack: str) -> bool:
    """Whether a run of this stack made it; another stack's runs may be alive although we know nothing of them."""
    return RUN in holding.tags and holding.tags.get(STACK, stack) == stack


def why_it_goes(kind: HoldingKind, run_status: str | None, age_s: float, limits: Limits) -> str | None:
    """The reason for which a holding is removed; None when it stays. A job of a run that goes on always does."""
    if kind == "custom model" and not limits.models:
        return None
    if run_status is None:
        return "its run is unknown"
    if run_status in ENDED:
        return f"its run is {run_status.replace('_', ' ')}"
    serves = kind not in (*JOB_KINDS, "custom model")
    return f"older than {limits.older_than_h:g} h" if serves and age_s > limits.older_than_h * 3_600 else None


async def reap(services: Services, leftover: Leftover, now: float) -> Reaped:
    """Stops the job, or removes what serves or the model; no error when it is gone already."""
    holding = leftover.holding
    try:
        await _remove(services, holding)
    except (Retryable, Poison) as error:
        return Reaped(leftover, str(error))
    await _record(services, leftover, now)
    return Reaped(leftover)


async def _remove(services: Services, holding: Holding) -> None:
    match holding.kind:
        case "customization job":
            await services.bedrock.stop_job(holding.arn)
        case "batch inference job":
            await services.batches.stop(holding.arn)
        case "custom model":
            await services.bedrock.delete_model(holding.arn)
        case _:
            await services.bedrock.delete_deployment(holding.arn)


async def _leftover(services: Services, holding: Holding, now: float, limits: Limits) -> Leftover:
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
        why=why_it_goes(holding.kind, status, age_s, limits),
    )


async def _usd_hour(services: Services, holding: Holding) -> float | None:
    facts = await services.models.of(holding.model)
    if holding.kind == "custom model":
        return None if facts.usd_storage_month is None else facts.usd_storage_month / HOURS_A_MONTH
    price = facts.usd_hosting_hour
    return price * holding.units if holding.units and price is not None else None


async def _record(services: Services, leftover: Leftover, now: float) -> None:
    """The arm knows that its deployment is gone, so that nobody removes it again; its hours are in the ledger."""
    arm = await services.runs.arm(leftover.run, leftover.arm)
    if arm is None:
        return
    if arm.deployment == leftover.holding.arn:
        await services.runs.set_arm(leftover.run, leftover.arm, torn_down=True)
    await _hosted(services, leftover, now)


async def _hosted(services: Services, leftover: Leftover, now: float) -> None:
    holding, name = leftover.holding, f"run/{leftover.run}"
    if holding.kind == "provisioned throughput":
        entry = HostingEntry(f"arm/{leftover.arm}", holding.model, holding.arn, holding.units, holding.created)
        await services.ledger.charges.open(name, entry, await services.models.of(holding.model))
        await services.ledger.charges.close(name, holding.arn, now)
