"""Runs customization jobs: S3 in, the engine's training, S3 out, a state-change event after each step of its life."""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from localcloud.bedrock import arns
from localcloud.bedrock.cloud import Cloud, Missing, split_uri
from localcloud.bedrock.events import job_state_change
from localcloud.bedrock.faults.faults import Faults
from localcloud.bedrock.metrics import training_csv, training_key, validation_csv, validation_key
from localcloud.bedrock.resources import CustomModel, Job, Weights
from localcloud.bedrock.tables import Tables
from localcloud.bedrock.trainingdata import BadRow, Row, parse_rows
from localcloud.engines.contract import Step
from localcloud.engines.engines import Engines
from localcloud.engines.process import EngineDied, EngineError

log = logging.getLogger(__name__)

_UNEXPECTED = "Encountered an unexpected error when processing the request, please try again"


class Trainer:
    """One task a job. A job that was running when the cloud stopped starts from its beginning with ``resume``."""

    def __init__(self, account: str, tables: Tables, cloud: Cloud, engine: Engines, faults: Faults) -> None:
        self._account = account
        self._tables = tables
        self._cloud = cloud
        self._engine = engine
        self._faults = faults
        self._tasks: dict[str, asyncio.Task[None]] = {}
        self._trainings: dict[str, int] = {}

    def start(self, job: Job) -> None:
        task = asyncio.create_task(self._run(job))
        self._tasks[job.arn] = task
        task.add_done_callback(lambda _: self._tasks.pop(job.arn, None))

    def resume(self) -> None:
        for job in self._tables.jobs:
            if job.running:
                self.start(job)

    async def stop(self, job: Job) -> None:
        """Stopping now, Stopped when the engine has let go."""
        job.become("Stopping")
        self._tables.jobs.put(job.arn, job)
        await self._announce(job)
        number = self._trainings.get(job.arn)
        if number is not None:
            await self._engine.stop(number)

    async def close(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, job: Job) -> None:
        try:
            await self._announce(job)
            rows, validation = await self._prepare(job)
            weights, steps = await self._train(job, rows, validation)
            await self._finish(job, weights, steps)
        except _Stopped:
            await self._end(job, "Stopped")
        except (BadRow, Missing, EngineError, _Fault) as error:
            await self._end(job, "Failed", _failure(error))
        except Exception:
            log.exception("job %s failed", job.name)
            await self._end(job, "Failed", _UNEXPECTED)

    async def _prepare(self, job: Job) -> tuple[list[Row], list[Row]]:
        job.validation.become("InProgress")
        job.data_processing.become("InProgress")
        self._tables.jobs.put(job.arn, job)
        rows = await self._rows(job, job.request["trainingDataConfig"]["s3Uri"])
        validation = []
        for validator in job.request.get("validationDataConfig", {}).get("validators", []):
            validation += await self._rows(job, validator["s3Uri"])
        job.validation.become("Completed")
        job.data_processing.become("Completed")
        self._tables.jobs.put(job.arn, job)
        return rows, validation

    async def _rows(self, job: Job, uri: str) -> list[Row]:
        bucket, key = split_uri(uri)
        return parse_rows(await self._cloud.read(bucket, key, arns.region_of(job.arn)), uri)

    async def _train(self, job: Job, rows: list[Row], validation: list[Row]) -> tuple[dict[str, Any], list[Step]]:
        _raise_if_stopping(job)
        job.training.become("InProgress")
        self._tables.jobs.put(job.arn, job)
        if message := self._faults.of_job(job.base, job.name):
            raise _Fault(message)
        for attempt in (1, 2):
            steps: list[Step] = []
            try:
                return await self._train_once(job, rows, validation, steps), steps
            except EngineDied:
                _raise_if_stopping(job)
                if attempt == 2:
                    raise
            except EngineError as error:
                if error.kind == "TrainingStopped":
                    raise _Stopped from error
                raise
        raise AssertionError("the loop returns or raises")

    async def _train_once(self, job: Job, rows: list[Row], validation: list[Row], steps: list[Step]) -> dict[str, Any]:
        def started(number: int) -> None:
            _raise_if_stopping(job)
            self._trainings[job.arn] = number

        try:
            return await self._engine.train(
                model=job.local_model,
                rows=rows,
                validation=validation,
                hyperparameters=job.request.get("hyperParameters", {}),
                progress=steps.append,
                started=started,
            )
        finally:
            self._trainings.pop(job.arn, None)

    async def _finish(self, job: Job, weights: dict[str, Any], steps: list[Step]) -> None:
        _raise_if_stopping(job)
        region = arns.region_of(job.arn)
        bucket, prefix = split_uri(job.request["outputDataConfig"]["s3Uri"])
        await self._cloud.write(bucket, training_key(prefix, job.arn), training_csv(steps), region)
        if losses := weights.get("validation"):
            await self._cloud.write(bucket, validation_key(prefix, job.arn), validation_csv(steps, losses), region)
        _raise_if_stopping(job)
        arn = arns.custom_model(region, self._account, job.base, arns.new_id())
        self._tables.weights.put(arn, Weights(weights))
        tags = job.request.get("customModelTags", [])
        model = CustomModel(arn, job.request["customModelName"], job.base, job.local_model, job.arn, tags)
        self._tables.models.put(arn, model)
        job.model_arn = arn
        job.training_loss = steps[-1].loss if steps else None
        job.training.become("Completed")
        await self._end(job, "Completed")

    async def _end(self, job: Job, status: str, failure: str | None = None) -> None:
        job.become(status, failure)
        self._tables.jobs.put(job.arn, job)
        await self._announce(job)

    async def _announce(self, job: Job) -> None:
        """Best effort, as on AWS."""
        try:
            await self._cloud.put_event(job_state_change(job, self._account), arns.region_of(job.arn))
        except Exception:
            log.exception("no event for job %s", job.name)


class _Stopped(Exception):
    """Raised inside a job that StopModelCustomizationJob ended."""


class _Fault(Exception):
    """Raised inside a job that the faults file lets fail."""


def _raise_if_stopping(job: Job) -> None:
    if job.status == "Stopping":
        raise _Stopped


def _failure(error: Exception) -> str:
    return f"{error} does not exist or cannot be read" if isinstance(error, Missing) else str(error)
