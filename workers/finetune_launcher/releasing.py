"""Teardown: the job of an arm stopped, and what serves its model removed, whether or not anybody wrote down its ARN.

A worker may die after Bedrock made a thing and before its ARN was stored. Names follow from run, arm and revision, so
that what is not on record is looked for by its name.
"""

from __future__ import annotations

from schemas.state import ArmRecord
from shared.bedrock.families import deploys
from shared.runs import load_experiment
from shared.services import Services
from workers.finetune_launcher.hosting import close_hosting
from workers.finetune_launcher.names import job_name


async def release(services: Services, run: str, arm: str, now: float) -> None:
    """Stops and removes all that the arm has on Bedrock; its hosting ends ``now``. Repeating it is harmless.

    Names are looked for even after a teardown: a slow launcher may have made something behind its back, and died.
    Raises Retryable while something is still being created and cannot be removed.
    """
    record = await services.runs.arm(run, arm)
    if record is None or _passed_through(record):
        return
    if not record.torn_down and (job := record.job or await _unrecorded_job(services, record)) is not None:
        await services.bedrock.stop_job(job)
    recorded = None if record.torn_down else record.deployment
    deployment = recorded or await _unrecorded_deployment(services, record)
    if deployment is not None:
        await services.bedrock.delete_deployment(deployment)
        await close_hosting(services, run, deployment, now)
    if record.job is not None or deployment is not None:
        await services.runs.set_arm(run, arm, torn_down=True)


async def _unrecorded_job(services: Services, record: ArmRecord) -> str | None:
    for name in _names(record):
        if (found := await services.bedrock.find_job(name)) is not None:
            return found
    return None


async def _unrecorded_deployment(services: Services, record: ArmRecord) -> str | None:
    try:
        experiment = await load_experiment(services.artifacts, record.run)
    except KeyError:
        return None  # a run without run.yaml never launched anything
    for name in _names(record):
        if (found := await services.bedrock.find_deployment(name, deploys(experiment.models.student))) is not None:
            return found
    return None


def _names(record: ArmRecord) -> list[str]:
    """Newest first: an earlier revision may have left something, too."""
    return [job_name(record.run, record.arm, revision) for revision in range(record.revision, -1, -1)]


def _passed_through(record: ArmRecord) -> bool:
    """An arm without training is served by its base model, which is not ours to remove."""
    return record.job is None and record.deployment is None and record.model is not None
