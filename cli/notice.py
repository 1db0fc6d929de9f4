"""What a person is told before money is spent on AWS: the price, and whether the base model can be fine-tuned there."""

from __future__ import annotations

import time
from contextlib import AsyncExitStack

from rich.console import Console

from cli.cloud import Notice
from cli.pricing import in_force, price, show
from cli.runfile import RunFile
from schemas.experiment import Experiment
from shared.bedrock.base_model import Cards, base_model_verdict
from shared.bedrock.cards import AwsCards
from shared.bedrock.model_names import base_of
from shared.errors import BadRunFile
from shared.runtime.clients import Clients
from shared.settings import Settings


def notice_of(runfile: RunFile, console: Console) -> Notice:
    """Looks the base model up in the account's region, and shows the price by the table in force there.

    Raises BadRunFile when no arm could be fine-tuned, before anybody is asked to go on.
    """

    async def notice(settings: Settings, account: str) -> None:
        async with AsyncExitStack() as stack:
            cards = AwsCards(await Clients(settings, stack).make("bedrock"))
            await check_base_model(cards, runfile.experiment, console, time.time())
        show(price(runfile, in_force(settings, account).of), runfile.experiment.budget_usd, console)

    return notice


async def check_base_model(cards: Cards, experiment: Experiment, console: Console, now: float) -> None:
    """The launcher's own check, made before anything is submitted; nothing is looked up when no arm is trained."""
    if not any(arm.train for arm in experiment.arms):
        return
    verdict = await base_model_verdict(cards, base_of(experiment.models.student), now)
    if verdict.refusal is not None:
        raise BadRunFile(verdict.refusal)
    if verdict.warning is not None:
        console.print(f"Warning: {verdict.warning}.", soft_wrap=True, highlight=False)
