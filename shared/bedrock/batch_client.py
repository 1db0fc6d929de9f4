"""Batch inference over aiobotocore: the one implementation of the port, local cloud and AWS alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from shared.bedrock.batches import Batch
from shared.bedrock.errors import code_of, translated

_GONE = frozenset({"ConflictException", "ValidationException", "ResourceNotFoundException"})
"""How a job that has ended answers a stop."""


class AwsBatches:
    """``control`` is a ``bedrock`` client, ``role`` Bedrock's service role, which reads and writes the files."""

    def __init__(self, control: Any, role: str) -> None:
        self._control = control
        self._role = role

    async def create(
        self, *, name: str, token: str, model: str, input_uri: str, output_uri: str, tags: Mapping[str, str]
    ) -> str:
        found = await self._find(name)
        if found is not None:
            return found
        try:
            response = await self._control.create_model_invocation_job(
                jobName=name,
                clientRequestToken=token,
                roleArn=self._role,
                modelId=model,
                modelInvocationType="Converse",
                inputDataConfig={"s3InputDataConfig": {"s3InputFormat": "JSONL", "s3Uri": input_uri}},
                outputDataConfig={"s3OutputDataConfig": {"s3Uri": output_uri}},
                tags=[{"key": key, "value": value} for key, value in sorted(tags.items())],
            )
        except (ClientError, BotoCoreError) as error:
            taken = isinstance(error, ClientError) and code_of(error) == "ConflictException"
            found = await self._find(name) if taken else None  # another worker was faster
            if found is not None:
                return found
            raise translated(error, f"CreateModelInvocationJob {name} with model {model}") from error
        return str(response["jobArn"])

    async def get(self, arn: str) -> Batch:
        try:
            response = await self._control.get_model_invocation_job(jobIdentifier=arn)
        except (ClientError, BotoCoreError) as error:
            raise translated(error, f"GetModelInvocationJob {arn}") from error
        folder = str(response["outputDataConfig"]["s3OutputDataConfig"]["s3Uri"]).rstrip("/")
        return Batch(
            arn=arn,
            status=response["status"],
            output_uri=f"{folder}/{arn.rsplit('/', 1)[-1]}/",
            failure=response.get("message"),
            total=int(response.get("totalRecordCount", 0)),
            succeeded=int(response.get("successRecordCount", 0)),
            failed=int(response.get("errorRecordCount", 0)),
        )

    async def stop(self, arn: str) -> None:
        try:
            await self._control.stop_model_invocation_job(jobIdentifier=arn)
        except (ClientError, BotoCoreError) as error:
            if not (isinstance(error, ClientError) and code_of(error) in _GONE):
                raise translated(error, f"StopModelInvocationJob {arn}") from error

    async def _find(self, name: str) -> str | None:
        """The job of exactly this name: the list has all that contain it, page by page."""
        page: dict[str, str] = {}
        while True:
            try:
                response = await self._control.list_model_invocation_jobs(nameContains=name, **page)
            except (ClientError, BotoCoreError) as error:
                raise translated(error, f"ListModelInvocationJobs {name}") from error
            for summary in response.get("invocationJobSummaries", []):
                if summary["jobName"] == name:
                    return str(summary["jobArn"])
            if not response.get("nextToken"):
                return None
            page = {"nextToken": response["nextToken"]}
