"""Hosting by the hour in a run's ledger: opened when it is asked for, closed when it is removed."""

from __future__ import annotations

from shared.bedrock.charges import HostingEntry
from shared.bedrock.deployments import UNITS, kind_of
from shared.services import Services


async def open_hosting(services: Services, run: str, arm: str, arn: str, model: str, now: float) -> None:
    """Counts hours from ``now`` on, at the price of the base model; nothing for what is paid by the token."""
    if kind_of(arn) == "provisioned":
        entry = HostingEntry(f"arm/{arm}", model, arn, UNITS, now)
        await services.ledger.charges.open(f"run/{run}", entry, await services.models.of(model))


async def close_hosting(services: Services, run: str, arn: str, now: float) -> None:
    """Ends the count. The first call says when."""
    if kind_of(arn) == "provisioned":
        await services.ledger.charges.close(f"run/{run}", arn, now)
