"""An arm's customization job: the one that is known already, or a new one under the arm's own name."""

from __future__ import annotations

from schemas.events import ArmEvent, DatasetReady
from schemas.experiment import Experiment
from shared.bedrock.model_names import base_of
from shared.bedrock.ports import Job
from shared.bedrock.tags import tags
from shared.services import Services
from shared.store import keys
from workers.finetune_launcher.names import job_name, request_token


async def known_job(services: Services, event: ArmEvent) -> str | None:
    """The ARN of the job that this launch has started already, or of an earlier revision's unless it came to nothing:
    what is trained is not trained again, and what has started is not refused."""
    arm = await services.runs.arm(event.run, event.arm)
    if event.revision and arm is not None and arm.job is not None:
        job = await services.bedrock.get_job(arm.job)
        if job.status in ("InProgress", "Completed"):
            return arm.job
    return await services.bedrock.find_job(_name(event))


async def start_job(services: Services, event: DatasetReady, experiment: Experiment) -> str:
    """Starts the job and returns its ARN; whose it is is known before it can say anything."""
    name, bucket = _name(event), services.artifacts.objects.bucket
    await services.runs.put_job(name, event.run, event.arm)
    return await services.bedrock.create_job(
        name=name,
        token=request_token(event.run, event.arm, "job", event.revision),
        model_name=name,
        base_model=base_of(experiment.models.student),
        training_uri=f"s3://{bucket}/{keys.dataset(event.run, event.arm)}",
        output_uri=f"s3://{bucket}/{keys.run(event.run, f'models/{event.arm}/')}",
        hyperparameters=experiment.hyperparameters,
        tags=tags(services.settings.name, event.run, event.arm),
    )


async def settle(services: Services, run: str, job: Job) -> None:
    """What was set aside for a job that has ended: spent when it has trained, free again when it failed.

    One that was stopped is billed for what it had trained until then, nobody says how much: that stays set aside.
    """
    if job.status == "Completed":
        await services.ledger.charges.trained(f"run/{run}", job.name)
    elif job.status == "Failed":
        await services.ledger.charges.give_back(f"run/{run}", job.name)


async def forgo(services: Services, event: ArmEvent) -> None:
    """What was set aside for a job that never was is free again."""
    if await known_job(services, event) is None:
        await services.ledger.charges.give_back(f"run/{event.run}", _name(event))


def _name(event: ArmEvent) -> str:
    return job_name(event.run, event.arm, event.revision)
