"""Quotas of an account that can stop a fine-tuned model, and what it means that one is used up. Pure.

Codes and names as Service Quotas lists them for ``bedrock``; a code whose quota is called otherwise is not believed.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.bedrock.families import FAMILIES
from shared.bedrock.ports import Deploys
from shared.bedrock.verdict import FINE, Verdict


@dataclass(frozen=True)
class Quota:
    """``code`` names it to Service Quotas; ``called`` is part of its name there."""

    code: str
    called: str


JOBS = Quota("L-0406044C", "customization jobs")
MODELS = Quota("L-CB5B847D", "Custom models per account")
UNITS = Quota("L-BE77399C", "no-commitment Provisioned Throughputs across custom models")
"""Model units; nothing in a new account."""
QUOTAS = (JOBS, MODELS, UNITS)


@dataclass(frozen=True)
class Standing:
    """How much of a quota there is and how much is used; None: nobody could be asked."""

    quota: Quota
    limit: float | None = None
    used: int | None = None


@dataclass(frozen=True)
class Room:
    """``verdict`` is final; ``full`` says what is used up now and comes free by itself."""

    verdict: Verdict = FINE
    full: str | None = None


def needed(deploys: Deploys) -> tuple[Quota, ...]:
    """The quotas that a model takes of which is served so."""
    return QUOTAS if deploys == "provisioned" else (JOBS, MODELS)


def room(standing: Standing) -> Room:
    """Whether one more of a quota may be had."""
    limit, used, name = standing.limit, standing.used, standing.quota.called
    if limit is None:
        return Room()
    if limit < 1:
        return Room(Verdict(refusal=f"the quota {name!r} of this account is {limit:g}; {_more(standing.quota)}"))
    if used is None or used < limit:
        return Room()
    full = f"the quota {name!r} is used up ({used} of {limit:g})"
    if standing.quota is JOBS:
        return Room(full=full)
    if standing.quota is UNITS:
        return Room(Verdict(warning=f"{full}: hosting waits until others free theirs, unless you {_ask(UNITS)}"))
    return Room(Verdict(refusal=f"{full}; delete custom models (`groundtune reap --models`), or {_ask(MODELS)}"))


def _more(quota: Quota) -> str:
    if quota is not UNITS:
        return _ask(quota)
    others = [family.models[0] for family in FAMILIES if "on_demand" in family.deploys and family.name != "local"]
    return f"{_ask(quota)}, or change models.student to one that needs none, such as {', '.join(map(repr, others))}"


def _ask(quota: Quota) -> str:
    return f"ask for more in Service Quotas (bedrock, {quota.code})"
