"""All that is checked before a customization job is started and paid for, in the order of what to mend first."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from schemas.events import DatasetReady
from schemas.experiment import Experiment
from shared.bedrock.base_model import base_model_verdict
from shared.bedrock.families import deploys
from shared.bedrock.model_names import base_of
from shared.bedrock.quotas import Room, needed, room
from shared.bedrock.verdict import Verdict
from shared.services import Services
from shared.store import keys
from workers.finetune_launcher.checking import fitness_of
from workers.finetune_launcher.names import job_name
from workers.finetune_launcher.premises import bucket_verdict, file_verdict, role_verdict
from workers.finetune_launcher.price import set_aside


@dataclass(frozen=True)
class Refusal:
    """Why no job is started: a failure's code, and what a person is to change."""

    code: str
    reason: str


@dataclass(frozen=True)
class Preflight:
    """``full`` says what is used up now and comes free by itself: the job may start later."""

    refusal: Refusal | None = None
    warnings: tuple[str, ...] = ()
    full: str | None = None


async def preflight(services: Services, event: DatasetReady, experiment: Experiment, now: float) -> Preflight:
    """Whether a job of the experiment's student may be started on the arm's dataset. ``now`` is Unix seconds.

    Its price is set aside when it may. Repeating it sets nothing aside twice. Raises Retryable when Bedrock cannot be
    asked, KeyError when there is no dataset.
    """
    model = base_of(experiment.models.student)
    fitness = await fitness_of(services, event.run, event.arm, model)
    if fitness.refusal is not None:
        return Preflight(Refusal("bad_dataset", fitness.refusal))
    rooms = asyncio.gather(*(services.premises.standing(quota) for quota in needed(deploys(model))))
    base, role, files, standings = await asyncio.gather(
        base_model_verdict(services.bedrock, model, now), _role(services, model), _files(services, event), rooms
    )
    found = [room(standing) for standing in standings]
    judged = [("bad_base_model", base), ("bad_role", role), *(("bad_bucket", each) for each in files)]
    judged += [("no_quota", each.verdict) for each in found]
    so_far = _told(judged, found)
    if so_far.refusal is not None or so_far.full is not None:
        return so_far
    job = job_name(event.run, event.arm, event.revision)
    price = await set_aside(services, event.run, event.arm, job, experiment, fitness.tokens)
    return _told([*judged, ("over_budget", price)], found)


def _told(judged: list[tuple[str, Verdict]], rooms: list[Room]) -> Preflight:
    """The first refusal, every warning, and the first thing that is used up."""
    refusals = [Refusal(code, verdict.refusal) for code, verdict in judged if verdict.refusal is not None]
    warnings = tuple(verdict.warning for _, verdict in judged if verdict.warning is not None)
    full = [each.full for each in rooms if each.full is not None]
    return Preflight(next(iter(refusals), None), warnings, next(iter(full), None))


async def _role(services: Services, model: str) -> Verdict:
    premises = services.premises
    return role_verdict(await premises.trust(), premises.role, services.settings.region, model)


async def _files(services: Services, event: DatasetReady) -> list[Verdict]:
    bucket, key = services.artifacts.objects.bucket, keys.dataset(event.run, event.arm)
    there, file = await asyncio.gather(services.premises.bucket(), services.premises.file(key))
    return [bucket_verdict(there, bucket, services.settings.region), file_verdict(file, f"s3://{bucket}/{key}")]
