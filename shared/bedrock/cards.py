"""What GetFoundationModel says, as a card."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.bedrock.errors import translated
from shared.bedrock.model_names import without_context
from shared.bedrock.ports import ModelCard
from shared.errors import Poison


class AwsCards:
    """``control`` is a ``bedrock`` client. Calls raise Throttled, Retryable or Poison."""

    def __init__(self, control: Any) -> None:
        self._control = control

    async def card(self, model: str) -> ModelCard | None:
        try:
            return await self._card(model)
        except Poison:
            return None

    async def base_card(self, model: str) -> ModelCard:
        try:
            return await self._card(model)
        except Poison as unknown:
            shorter = without_context(model)
            found = await self.card(shorter) if shorter != model else None
            if found is None:
                raise unknown
            return of_another_id(found)

    async def _card(self, model: str) -> ModelCard:
        try:
            return card_of(await self._control.get_foundation_model(modelIdentifier=model))
        except (ClientError, BotoCoreError) as error:
            raise translated(error, f"GetFoundationModel {model}") from error


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
