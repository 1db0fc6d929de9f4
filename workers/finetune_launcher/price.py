"""Whether a job and its hosting fit into what is left of a run's budget, and the money set aside for them."""

from __future__ import annotations

from collections.abc import Iterable

from schemas.experiment import Experiment
from shared.bedrock.charges import TrainingEntry
from shared.bedrock.estimate import Estimate, estimate
from shared.bedrock.families import FAMILIES, family_of
from shared.bedrock.model_names import base_of
from shared.bedrock.models import Models
from shared.bedrock.training import epochs_of, training_work
from shared.bedrock.usage import NANO
from shared.bedrock.verdict import Verdict
from shared.services import Services

OWN_PRICES = "`groundtune models set FILE` takes yours"


async def set_aside(services: Services, run: str, arm: str, job: str, experiment: Experiment, tokens: int) -> Verdict:
    """Holds the price of a job over a dataset of so many tokens, once; refuses it when the budget has no room for it.

    The room is for the hosting, too, which is paid when it ends.
    """
    model, models = base_of(experiment.models.student), await services.models.current()
    found = _priced(models, model, tokens, experiment)
    if found.unknown and experiment.budget_usd is not None:
        return Verdict(refusal=unknown_price(found))
    entry = TrainingEntry(f"arm/{arm}", model, job, tokens * epochs_of(model, experiment.hyperparameters))
    most = None if experiment.budget_usd is None else round((experiment.budget_usd - found.usd) * NANO)
    if await services.ledger.charges.hold(f"run/{run}", entry, entry.nano(models.of(model)), most):
        return Verdict(
            warning=f"prices are unknown: {'; '.join(found.unknown)}; {OWN_PRICES}" if found.unknown else None
        )
    left = (experiment.budget_usd or 0.0) - await services.ledger.total_nano(f"run/{run}") / NANO
    others = _cheaper(models, model, left, tokens, experiment)
    return Verdict(refusal=over_budget(found, left, others))


def unknown_price(found: Estimate) -> str:
    """Why a job at an unknown price is not started within a budget, as no call is."""
    return f"the budget cannot be kept: {_unknown(found)}, or take budget_usd out of run.yaml"


def over_budget(found: Estimate, left: float, others: Iterable[str]) -> str:
    """Why a job is not started that costs more than is left, and what to change."""
    items = ", ".join(f"${line.usd or 0:,.2f} for {line.amount}" for line in found.lines)
    instead = ", ".join(map(repr, others))
    cheaper = f", or change models.student to a cheaper one, such as {instead}" if instead else ""
    return (
        f"the job and its hosting are estimated at ${found.usd:,.2f} ({items}), and ${max(0.0, left):,.2f} is left of "
        f"budget_usd; raise budget_usd, ask for fewer examples or a smaller epochCount{cheaper}"
    )


def _unknown(found: Estimate) -> str:
    return f"prices are unknown ({'; '.join(found.unknown)}); {OWN_PRICES}"


def _cheaper(models: Models, model: str, left: float, tokens: int, experiment: Experiment) -> list[str]:
    """Base models whose files have the same format, and which would fit."""
    own = family_of(model)
    ids = [id for each in FAMILIES if own is not None and each.format == own.format for id in each.models]
    found = [(id, _priced(models, id, tokens, experiment)) for id in ids if id != model and not id.startswith("local.")]
    return [id for id, price in found if not price.unknown and price.usd <= left]


def _priced(models: Models, model: str, tokens: int, experiment: Experiment) -> Estimate:
    return estimate(training_work("this arm", model, tokens, experiment.hyperparameters), models.of)
