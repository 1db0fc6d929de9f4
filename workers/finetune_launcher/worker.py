"""finetune-launcher: starts each arm's customization job, deploys the model, and tears the deployment down.

No message is held while a job runs: a delayed JobPollDue looks again, and Bedrock's own state-change event is a
shortcut. Both take the same step, and both may come twice.
"""

from __future__ import annotations

from schemas.event import Event
from schemas.events import ArmEvent, ArmPredicted, DatasetReady, JobPollDue, JobStateChanged, ModelReady
from schemas.experiment import Experiment
from schemas.state import ArmRecord
from shared.bedrock.families import deploys
from shared.bedrock.model_names import base_of
from shared.clock import Clock, SystemClock
from shared.errors import Poison
from shared.runs import fail_arm, load_experiment, outdated
from shared.runtime.worker import Context, Delayed, Emitted, Worker
from shared.services import Services
from shared.store import keys
from workers.finetune_launcher.base_model import base_model_verdict
from workers.finetune_launcher.checking import refusal_of
from workers.finetune_launcher.names import job_name, request_token, tags
from workers.finetune_launcher.polling import poll_delay_s
from workers.finetune_launcher.releasing import release

_LAUNCHED = ("deploying", "ready", "predicted", "failed")
"""States of an arm whose job has ended, or that never needed one."""


class FinetuneLauncher(Worker):
    """DatasetReady → job → deployment → ModelReady; ArmPredicted → teardown."""

    name = "finetune-launcher"

    def __init__(self, services: Services, clock: Clock | None = None) -> None:
        super().__init__(services)
        self._clock = clock or SystemClock()

    async def handle(self, event: Event, context: Context) -> Emitted:
        match event:
            case DatasetReady():
                return await self._launch(event, context)
            case JobPollDue():
                return await self._poll(event, context.event_id)
            case JobStateChanged():
                return await self._state_changed(event, context.event_id)
            case ArmPredicted():
                return await self._tear_down(event)
        raise Poison(f"{self.name} does not consume {event.type}")

    async def failed(self, event: Event, error: str, context: Context) -> Emitted:
        if not isinstance(event, (DatasetReady, JobPollDue)) or await outdated(self.services, event):
            return []
        await self._release(event)
        return await self._fail(event, "gave_up", error, context.event_id)

    async def _launch(self, event: DatasetReady, context: Context) -> Emitted:
        if await self.services.runs.active(event.run) is None:
            await self._release(event)
            return []
        arm = await self.services.runs.arm(event.run, event.arm)
        if arm is not None and (event.revision < arm.revision or arm.status in _LAUNCHED):
            return await self._launched(event, arm, context.event_id)
        experiment = await load_experiment(self.services.artifacts, event.run)
        if event.examples == 0:
            return await self._ready(event, experiment.models.student)
        job = await self._usable_job(event)
        if job is None:
            refused = await self._refused(event, base_of(experiment.models.student), context)
            if refused is not None:
                return await self._fail(event, *refused, context.event_id)
            job = await self._start_job(event, experiment)
        await self.services.runs.set_arm(event.run, event.arm, "training", job=job, torn_down=False)
        if await self._ended_meanwhile(event):
            return []
        first = JobPollDue(run=event.run, revision=event.revision, arm=event.arm)
        return [Delayed(first, poll_delay_s(0))]

    async def _launched(self, event: DatasetReady, arm: ArmRecord, by: str) -> Emitted:
        """What an arm that is under way needs of a launch that is said again: nothing may begin anew."""
        if event.revision < arm.revision:
            return []
        poll = JobPollDue(run=event.run, revision=event.revision, arm=event.arm)
        return [Delayed(poll, poll_delay_s(0))] if arm.status == "deploying" else await self._said(poll, arm, by)

    async def _refused(self, event: DatasetReady, model: str, context: Context) -> tuple[str, str] | None:
        """Code and reason for which no job of this model is started on the arm's dataset; None when all is well."""
        unfit = await refusal_of(self.services, event.run, event.arm, model)
        if unfit is not None:
            return "bad_dataset", unfit
        verdict = await base_model_verdict(self.services.bedrock, model, self._clock.now())
        if verdict.warning is not None:
            context.log.warning("base_model", action="base_model", model=model, warning=verdict.warning)
        return None if verdict.refusal is None else ("bad_base_model", verdict.refusal)

    async def _ended_meanwhile(self, event: ArmEvent) -> bool:
        """Whether the run ended while something was made for it: the teardown may have come too early to see that."""
        if await self.services.runs.active(event.run) is not None:
            return False
        await self._release(event)
        return True

    async def _usable_job(self, event: DatasetReady) -> str | None:
        """The job of an earlier revision, unless it came to nothing: what is trained is not trained again."""
        arm = await self.services.runs.arm(event.run, event.arm)
        if event.revision == 0 or arm is None or arm.job is None:
            return None
        job = await self.services.bedrock.get_job(arm.job)
        return arm.job if job.status in ("InProgress", "Completed") else None

    async def _start_job(self, event: DatasetReady, experiment: Experiment) -> str:
        name = job_name(event.run, event.arm, event.revision)
        bucket = self.services.artifacts.objects.bucket
        await self.services.runs.put_job(name, event.run, event.arm)
        return await self.services.bedrock.create_job(
            name=name,
            token=request_token(event.run, event.arm, "job", event.revision),
            model_name=name,
            base_model=base_of(experiment.models.student),
            training_uri=f"s3://{bucket}/{keys.dataset(event.run, event.arm)}",
            output_uri=f"s3://{bucket}/{keys.run(event.run, f'models/{event.arm}/')}",
            hyperparameters=experiment.hyperparameters,
            tags=tags(self.services.settings.name, event.run, event.arm),
        )

    async def _poll(self, event: JobPollDue, by: str) -> Emitted:
        emitted, again = await self._step(event, by)
        if not again:
            return emitted
        later = event.model_copy(update={"poll": event.poll + 1})
        return [*emitted, Delayed(later, poll_delay_s(later.poll))]

    async def _state_changed(self, event: JobStateChanged, by: str) -> Emitted:
        owner = await self.services.runs.job_owner(event.job_name)
        if owner is None:
            return []  # another program's job: the account's bus carries everybody's
        arm = await self.services.runs.arm(*owner)
        poll = JobPollDue(run=owner[0], arm=owner[1], revision=arm.revision if arm else 0)
        emitted, _ = await self._step(poll, by)
        return emitted

    async def _step(self, event: JobPollDue, by: str) -> tuple[Emitted, bool]:
        """Moves the arm on by what Bedrock says. Returns what to emit, and whether to look again."""
        arm = await self.services.runs.arm(event.run, event.arm)
        if arm is None or event.revision < arm.revision:
            return [], False
        if await self.services.runs.active(event.run) is None:
            await self._release(event)
            return [], False
        if arm.status not in ("waiting", "training", "deploying"):
            return await self._said(event, arm, by), False
        if arm.deployment is not None:
            return await self._deploying(event, arm.deployment, by)
        return await self._training(event, arm, by)

    async def _said(self, event: JobPollDue, arm: ArmRecord, by: str) -> Emitted:
        """What an arm's last step emitted, again: its handler may have died between the step and the emitting."""
        if arm.status == "ready" and arm.model is not None:
            return await self._ready(event, arm.model)
        if arm.status == "failed":
            await self._release(event)
            return await self._fail(event, "failed", arm.reason or "", by)
        return []

    async def _training(self, event: JobPollDue, arm: ArmRecord, by: str) -> tuple[Emitted, bool]:
        if arm.job is None:
            return [], True
        job = await self.services.bedrock.get_job(arm.job)
        if job.status in ("InProgress", "Stopping"):
            return [], True
        if job.status != "Completed" or job.model is None:
            reason = f"customization job {job.status}: {job.failure or 'Bedrock gave no reason'}"
            return await self._fail(event, "job_failed", reason, by), False
        deployment = await self._deploy(event, job.model)
        values = {"model": job.model, "deployment": deployment, "torn_down": False}
        await self.services.runs.set_arm(event.run, event.arm, "deploying", **values)
        return [], not await self._ended_meanwhile(event)

    async def _deploy(self, event: JobPollDue, model: str) -> str:
        experiment = await load_experiment(self.services.artifacts, event.run)
        return await self.services.bedrock.create_deployment(
            name=job_name(event.run, event.arm, event.revision),
            token=request_token(event.run, event.arm, "deployment", event.revision),
            model=model,
            tags=tags(self.services.settings.name, event.run, event.arm),
            deploys=deploys(experiment.models.student),
        )

    async def _deploying(self, event: JobPollDue, arn: str, by: str) -> tuple[Emitted, bool]:
        try:
            deployment = await self.services.bedrock.get_deployment(arn)
        except Poison:
            if await self._ended_meanwhile(event):  # and so did the deployment
                return [], False
            raise
        if deployment.status == "Creating":
            return [], True
        if deployment.status == "Active":
            return await self._ready(event, arn), False
        await self._release(event)
        reason = f"deployment failed: {deployment.failure or 'Bedrock gave no reason'}"
        return await self._fail(event, "deployment_failed", reason, by), False

    async def _ready(self, event: ArmEvent, model: str) -> Emitted:
        await self.services.runs.set_arm(event.run, event.arm, "ready", model=model)
        return [ModelReady(run=event.run, revision=event.revision, arm=event.arm, model=model)]

    async def _fail(self, event: ArmEvent, code: str, message: str, by: str) -> Emitted:
        return await fail_arm(self.services, event.run, event.arm, stage=self.name, code=code, message=message, by=by)

    async def _tear_down(self, event: ArmPredicted) -> Emitted:
        if await outdated(self.services, event):
            return []
        await self._release(event)
        await self.services.runs.set_arm(event.run, event.arm, "predicted")
        return []

    async def _release(self, event: ArmEvent) -> None:
        await release(self.services, event.run, event.arm)
