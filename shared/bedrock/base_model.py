"""Whether Bedrock still lets the base model be fine-tuned and served, asked before a job is started and paid for.

Source of the lifecycle's meaning: Amazon Bedrock user guide, "Model lifecycle": requests to a model past its end of
life fail, and a Legacy model gets no new provisioned throughput and is closed to new customers.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Protocol

from shared.bedrock.errors import is_denied
from shared.bedrock.families import FAMILIES, Family, family_of
from shared.bedrock.ports import ModelCard
from shared.bedrock.verdict import Verdict
from shared.errors import Poison

SOON_S = 90 * 24 * 3_600
"""An end of life that is so near is warned of: a run may be repeated until then, hardly after."""
FINE_TUNING = "FINE_TUNING"
_ALLOW = "allow bedrock:GetFoundationModel to have it checked before a job is paid for"


class Cards(Protocol):
    """Whoever can look a base model up: ``Bedrock``, or its cards alone."""

    async def base_card(self, model: str) -> ModelCard:
        """Raises Poison with Bedrock's words for a model that it does not know, Retryable when it cannot be asked."""
        ...


async def base_model_verdict(cards: Cards, model: str, now: float) -> Verdict:
    """What Bedrock's own word on a base model means for a job. ``now`` is Unix seconds.

    Raises Retryable when Bedrock cannot be asked.
    """
    try:
        card = await cards.base_card(model)
    except Poison as error:
        if is_denied(error):
            return Verdict(warning=f"models.student {model!r} could not be looked up: {error.reason}; {_ALLOW}")
        return Verdict(refusal=f"models.student {model!r} cannot be looked up: {error.reason}; {_instead(model)}")
    return judged(model, card, now)


def judged(model: str, card: ModelCard, now: float) -> Verdict:
    """The same from the card alone."""
    said = f"models.student {model!r} ({card.name} of {card.provider})"
    refusals = (
        _ended(card, now),
        _not_customizable(card),
        _cannot_be_served(model, card),
    )
    refusal = next((reason for reason in refusals if reason is not None), None)
    if refusal is not None:
        return Verdict(refusal=f"{said} {refusal}; {_instead(model)}")
    warning = _legacy(card) or _ends_soon(card, now)
    return Verdict(warning=f"{said} {warning}" if warning else None)


def _ended(card: ModelCard, now: float) -> str | None:
    if card.ends_at is None or now < card.ends_at:
        return None
    return f"reached its end of life on {_day(card.ends_at)}: requests to it fail"


def _not_customizable(card: ModelCard) -> str | None:
    if card.customizations is None or FINE_TUNING in card.customizations:
        return None
    offered = ", ".join(card.customizations) or "no customization"
    return f"is not offered for fine-tuning under this id in this region (Bedrock offers {offered})"


def _cannot_be_served(model: str, card: ModelCard) -> str | None:
    family = family_of(model)
    if card.lifecycle != "LEGACY" or family is None or "on_demand" in family.deploys:
        return None
    return "is a Legacy model, and a Legacy model gets no new provisioned throughput, which its family is served by"


def _legacy(card: ModelCard) -> str | None:
    if card.lifecycle != "LEGACY":
        return None
    end = f"; its end of life is {_day(card.ends_at)}" if card.ends_at is not None else ""
    return f"is a Legacy model{end}"


def _ends_soon(card: ModelCard, now: float) -> str | None:
    if card.ends_at is None or card.ends_at - now > SOON_S:
        return None
    return f"reaches its end of life on {_day(card.ends_at)}"


def _instead(model: str) -> str:
    """What to write instead: the ids of the same family first, then those of the families with the same format."""
    own = family_of(model)
    fit = [family for family in FAMILIES if family.name != "local" and (own is None or family.format == own.format)]
    ordered = sorted(fit, key=lambda family: family is not own)
    others = [id for family in ordered for id in family.models if id != model]
    others = others or [id for family in _all_but(own) for id in family.models]
    return f"change models.student to one that is, such as {', '.join(map(repr, others[:4]))}"


def _all_but(own: Family | None) -> list[Family]:
    return [family for family in FAMILIES if family is not own and family.name != "local"]


def _day(seconds: float) -> str:
    return f"{datetime.fromtimestamp(seconds, UTC):%Y-%m-%d}"
