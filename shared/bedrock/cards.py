"""What GetFoundationModel says, as a card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from shared.bedrock.ports import ModelCard


def card_of(response: Mapping[str, Any]) -> ModelCard:
    details = response["modelDetails"]
    lifecycle = details.get("modelLifecycle", {})
    ends = lifecycle.get("endOfLifeTime")
    return ModelCard(
        provider=str(details.get("providerName", "")),
        name=str(details.get("modelName", "")),
        lifecycle=str(lifecycle.get("status", "ACTIVE")),
        ends_at=None if ends is None else ends.timestamp(),
        customizations=_said(details.get("customizationsSupported")),
        inference=_said(details.get("inferenceTypesSupported")),
    )


def of_another_id(card: ModelCard) -> ModelCard:
    """What an id without its context length says of the one with it: a model's life, not what that one id offers.

    Bedrock lists ``FINE_TUNING`` with the long id and ``ON_DEMAND`` with the short one.
    """
    return replace(card, customizations=None, inference=None)


def _said(names: list[str] | None) -> tuple[str, ...] | None:
    return None if names is None else tuple(names)
