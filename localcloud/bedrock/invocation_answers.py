"""Answers the records of batch inference jobs, through the door that online calls take and a few at a time."""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from urllib.parse import quote

from localcloud.bedrock import arns
from localcloud.bedrock.call import Handler
from localcloud.bedrock.dispatch import Request, perform
from localcloud.bedrock.errors import AwsError, ServiceUnavailableException, ValidationException
from localcloud.bedrock.invocation_records import Body, Outcome, Record
from localcloud.bedrock.invocation_rooms import Room
from localcloud.bedrock.resources import InvocationJob

log = logging.getLogger(__name__)

_OPERATIONS = {"InvokeModel": "invoke", "Converse": "converse"}


class Answers:
    """``handlers`` answer the records: operation name to function. ``room_of`` gives that of a foundation model."""

    def __init__(self, handlers: Mapping[str, Handler], room_of: Callable[[str], Awaitable[Room]]) -> None:
        self._handlers = handlers
        self._room_of = room_of

    async def all(self, job: InvocationJob, records: Sequence[Record]) -> list[Outcome]:
        """What became of the records, which the job counts; of a job that is stopped or out of time, of the first."""
        room = await self._room_of(job.base)
        left, outcomes = iter(records), []

        async def work() -> None:
            for record in left:  # one iterator for all who work
                if job.status == "Stopping" or job.late:
                    return
                outcome = await self._outcome(job, record, room)
                outcomes.append(outcome)
                if outcome.output is None:
                    job.failed += 1
                else:
                    job.succeeded += 1

        async with asyncio.TaskGroup() as group:
            for _ in range(room.size):
                group.create_task(work())
        return outcomes

    async def _outcome(self, job: InvocationJob, record: Record, room: Room) -> Outcome:
        if record.body is None:
            return Outcome(record, error_code=400, error_message=record.problem or "")
        try:
            async with room.inside:
                return Outcome(record, await self._answer(job, record.body))
        except AwsError as error:
            return Outcome(record, error_code=error.status, error_message=str(error))
        except Exception:
            log.exception("record %s of batch inference job %s failed", record.id, job.name)
            return Outcome(record, error_code=500, error_message="The local Bedrock failed; its log has the traceback")

    async def _answer(self, job: InvocationJob, body: Body) -> Body:
        """As the same body would be answered online; once more when the engine died under it. Raises AwsError."""
        operation = _OPERATIONS[job.request.get("modelInvocationType", "InvokeModel")]
        if "toolConfig" in body and operation == "converse":
            raise ValidationException("Batch inference doesn't support the toolConfig field. Remove toolConfig.")
        path = f"/model/{quote(job.request['modelId'], safe='')}/{operation}"
        request = Request("POST", path, arns.region_of(job.arn), json.dumps(body).encode())
        try:
            response = await perform(self._handlers, request)
        except ServiceUnavailableException:
            response = await perform(self._handlers, request)
        output: Body = json.loads(response.body)
        return output
