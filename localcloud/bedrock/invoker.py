"""Runs batch inference jobs: S3 in, every record through the door that online calls take, S3 out, events on the way."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass

from localcloud.bedrock import arns
from localcloud.bedrock.cloud import Cloud, Missing, split_uri
from localcloud.bedrock.events import invocation_state_change
from localcloud.bedrock.faults.faults import Faults
from localcloud.bedrock.invocation_answers import Answers
from localcloud.bedrock.invocation_records import (
    Outcome,
    Record,
    input_names,
    manifest,
    output_key,
    output_lines,
    parse_records,
)  # fmt: skip
from localcloud.bedrock.resources import InvocationJob
from localcloud.bedrock.tables import Tables

log = logging.getLogger(__name__)

DEFAULT_MINIMUM = 100
"""Records a job must have, as in AWS's examples: on AWS a quota of each model."""
MAX_RECORDS = 50_000
_UNEXPECTED = "Encountered an unexpected error when processing the request, please try again"


@dataclass(frozen=True)
class _File:
    name: str
    records: Sequence[Record]


class Invoker:
    """One task a job. A job that was running when the cloud stopped starts from its beginning with ``resume``."""

    def __init__(
        self, account: str, tables: Tables, cloud: Cloud, answers: Answers, faults: Faults,
        minimum: int = DEFAULT_MINIMUM,
    ) -> None:  # fmt: skip
        """``minimum``: records that a job must have."""
        self._account = account
        self._tables = tables
        self._cloud = cloud
        self._answers = answers
        self._faults = faults
        self._minimum = minimum
        self._tasks: dict[str, asyncio.Task[None]] = {}

    def start(self, job: InvocationJob) -> None:
        task = asyncio.create_task(self._run(job))
        self._tasks[job.arn] = task
        task.add_done_callback(lambda _: self._tasks.pop(job.arn, None))

    def resume(self) -> None:
        for job in self._tables.invocation_jobs:
            if not job.running:
                continue
            if job.status != "Stopping":
                job.become("Submitted")
            job.total = job.succeeded = job.failed = 0
            self.start(job)

    async def stop(self, job: InvocationJob) -> None:
        """Stopping now, Stopped when the records in the engine have been answered."""
        await self._become(job, "Stopping")

    async def close(self) -> None:
        tasks = list(self._tasks.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    async def _run(self, job: InvocationJob) -> None:
        try:
            await self._announce(job)
            await self._advance(job, "Validating")
            files = await self._validated(job)
            await self._advance(job, "Scheduled")
            if job.late:
                await self._become(job, "Expired", f"The job did not begin within {job.hours} hours")
                return
            await self._advance(job, "InProgress")
            if message := self._faults.failing("invocation_jobs", job.base, job.name):
                raise _Refused(message)
            await self._invoke(job, files)
            _raise_if_stopping(job)
            partly = job.succeeded + job.failed < job.total
            await self._become(job, "PartiallyCompleted" if partly else "Completed")
        except _Stopped:
            await self._become(job, "Stopped")
        except (_Refused, Missing) as error:
            await self._become(job, "Failed", _failure(error))
        except Exception:
            log.exception("batch inference job %s failed", job.name)
            await self._become(job, "Failed", _UNEXPECTED)

    async def _validated(self, job: InvocationJob) -> list[_File]:
        region = arns.region_of(job.arn)
        await self._cloud.check_bucket(split_uri(_output_uri(job))[0], region)
        uri = job.request["inputDataConfig"]["s3InputDataConfig"]["s3Uri"]
        bucket, key = split_uri(uri)
        names = input_names(key, await self._cloud.keys(bucket, key, region))
        if not names:
            raise _Refused(f"There is no .jsonl file at {uri}")
        files = []
        for each, name in names.items():
            body = await self._cloud.read(bucket, each, region)
            files.append(_File(name, await asyncio.to_thread(parse_records, body)))
        job.total = sum(len(file.records) for file in files)
        _check_number(job.total, self._minimum)
        return files

    async def _invoke(self, job: InvocationJob, files: Sequence[_File]) -> None:
        """Answers and writes file by file; of a job that ends early, what has been answered."""
        region = arns.region_of(job.arn)
        bucket, prefix = split_uri(_output_uri(job))
        done: list[Outcome] = []
        for file in files:
            outcomes = await self._answers.all(job, file.records)
            done += outcomes
            await self._cloud.write(bucket, output_key(prefix, job.arn, file.name), output_lines(outcomes), region)
        await self._cloud.write(bucket, output_key(prefix, job.arn, "manifest.json"), manifest(job.total, done), region)
        await self._cloud.keep()

    async def _advance(self, job: InvocationJob, status: str) -> None:
        _raise_if_stopping(job)
        await self._become(job, status)

    async def _become(self, job: InvocationJob, status: str, message: str | None = None) -> None:
        job.become(status, message)
        self._tables.invocation_jobs.put(job.arn, job)
        await self._announce(job)

    async def _announce(self, job: InvocationJob) -> None:
        """Best effort, as on AWS."""
        try:
            await self._cloud.put_event(invocation_state_change(job, self._account), arns.region_of(job.arn))
        except Exception:
            log.exception("no event for batch inference job %s", job.name)


class _Stopped(Exception):
    """Raised inside a job that StopModelInvocationJob ended."""


class _Refused(Exception):
    """Raised inside a job whose input does not pass validation, or which the faults file lets fail."""


def _check_number(records: int, minimum: int) -> None:
    if records < minimum:
        raise _Refused(f"Batch job contains less records ({records}) than the required minimum of: {minimum}")
    if records > MAX_RECORDS:
        raise _Refused(f"Batch job contains more records ({records}) than the allowed maximum of: {MAX_RECORDS}")


def _output_uri(job: InvocationJob) -> str:
    uri: str = job.request["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"]
    return uri


def _raise_if_stopping(job: InvocationJob) -> None:
    if job.status == "Stopping":
        raise _Stopped


def _failure(error: Exception) -> str:
    return f"{error} does not exist or cannot be read" if isinstance(error, Missing) else str(error)
