"""What the models are, where their ids alone would promise too much."""

from __future__ import annotations

from collections.abc import Mapping

from schemas.experiment import Models
from shared.bedrock.ports import Bedrock, ModelCard

LOCAL_PROVIDER = "groundtune"
"""Provider of the local cloud's models, also where one stands in for a real model under its id."""

LOCAL = {
    "Local reader": (
        "groundtune's small extractive reader, not a language model: "
        "it picks, orders and cites sentences of the given documents"
    ),
    "Local teacher": (
        "groundtune's small question writer, not a language model: "
        "it makes questions from headings, definitions and tables"
    ),
}


async def ask_cards(bedrock: Bedrock, models: Models) -> dict[str, ModelCard]:
    """What Bedrock says of each model that it knows."""
    found = {id: await bedrock.card(id) for id in _ids(models)}
    return {id: card for id, card in found.items() if card is not None}


def model_notes(models: Models, cards: Mapping[str, ModelCard]) -> list[str]:
    """One sentence for each model of the local cloud; real ones speak for themselves."""
    local = [(id, cards[id]) for id in _ids(models) if id in cards and cards[id].provider == LOCAL_PROVIDER]
    return [_note(id, card) for id, card in local]


def _ids(models: Models) -> list[str]:
    """The models that are asked; nothing asks the judge yet."""
    return list(dict.fromkeys((models.student, models.teacher)))


def _note(id: str, card: ModelCard) -> str:
    described = LOCAL.get(card.name) or _other(card.name)
    if id.startswith("local."):
        return f"{id} is {described}."
    return f"{id} was not called: the local cloud answered in its stead with {described}."


def _other(name: str) -> str:
    """The local cloud's own models are called so; any other is one of an engine that somebody put beside them."""
    if name.startswith("Local "):
        return "a model of groundtune's local cloud, not a language model"
    return f"the model {name} of an engine that was added to it"
