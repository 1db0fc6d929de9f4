"""What fine-tuning an arm is expected to cost: its job and the hours of its hosting. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from shared.bedrock.estimate import Hosting, Training, Work
from shared.bedrock.families import deploys, family_of

HOSTING_HOURS = 1.0
"""Of a unit of provisioned throughput: it is created, an evaluation set is answered, and it is removed."""
DEFAULT_EPOCHS = 2
"""Of a base model that no family describes."""


def epochs_of(model: str, hyperparameters: Mapping[str, str]) -> int:
    """How often a job reads its dataset: as ``epochCount`` says, else as Bedrock does for the family."""
    said = hyperparameters.get("epochCount", "")
    if said.isdecimal():
        return int(said)
    family = family_of(model)
    return DEFAULT_EPOCHS if family is None else family.epochs


def training_work(arm: str, model: str, tokens: int, hyperparameters: Mapping[str, str]) -> Iterator[Work]:
    """The job of an arm of this name over a dataset of so many tokens, and its hosting where that is paid by the
    hour."""
    yield Training(f"fine-tuning, {arm}", model, tokens, epochs_of(model, hyperparameters))
    if deploys(model) == "provisioned":
        yield Hosting(f"hosting, {arm}", model, HOSTING_HOURS)
