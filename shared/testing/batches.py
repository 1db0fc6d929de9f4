"""Batch inference in memory: reads records from an object store, lets a Bedrock answer them, writes results back."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal

from shared.bedrock.batches import Batch
from shared.bedrock.ports import Bedrock
from shared.errors import GroundtuneError, Poison, Throttled
from shared.store.ports import ObjectStore

_ACCOUNT = "arn:aws:bedrock:us-east-1:123456789012:model-invocation-job"


@dataclass(frozen=True)
class Started:
    """Arguments of one ``create``."""

    name: str
    token: str
    model: str
    input_uri: str
    output_uri: str
    tags: Mapping[str, str]


class FakeBatches:
    """Jobs end after ``looks`` reads, as ``ends`` says; ``bedrock`` answers the records of Completed ones, and half of
    those of PartiallyCompleted ones.

    Results come last record first, an exception of ``bedrock`` becomes the record's error, and fewer records than
    ``minimum`` fail the job: what Bedrock does or may do, this does.
    """

    def __init__(
        self, objects: ObjectStore, bedrock: Bedrock, *, looks: int = 1, minimum: int = 1,
        ends: Literal["Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"] = "Completed",
    ) -> None:  # fmt: skip
        self._objects = objects
        self._bedrock = bedrock
        self._looks = looks
        self._minimum = minimum
        self._ends = ends
        self._left: dict[str, int] = {}
        self.batches: dict[str, Batch] = {}
        self.started: dict[str, Started] = {}
        """By job ARN."""

    async def create(
        self, *, name: str, token: str, model: str, input_uri: str, output_uri: str, tags: Mapping[str, str]
    ) -> str:
        known = next((arn for arn, started in self.started.items() if started.name == name), None)
        if known is not None:
            return known
        arn = f"{_ACCOUNT}/{len(self.started):012d}"
        self.started[arn] = Started(name, token, model, input_uri, output_uri, dict(tags))
        self.batches[arn] = Batch(arn, "Submitted", f"{output_uri.rstrip('/')}/{len(self.started) - 1:012d}/")
        self._left[arn] = self._looks
        return arn

    async def get(self, arn: str) -> Batch:
        if arn not in self.batches:
            raise Poison(f"GetModelInvocationJob {arn}: ResourceNotFoundException")
        if not self.batches[arn].ended:
            self._left[arn] -= 1
            running = replace(self.batches[arn], status="InProgress")
            self.batches[arn] = running if self._left[arn] >= 0 else await self._ended(running)
        return self.batches[arn]

    async def stop(self, arn: str) -> None:
        if not self.batches[arn].ended:
            self.batches[arn] = replace(self.batches[arn], status="Stopped")

    async def _ended(self, batch: Batch) -> Batch:
        files = await self._inputs(self.started[batch.arn].input_uri)
        total = sum(len(records) for records in files.values())
        if total < self._minimum:
            return replace(batch, status="Failed", failure=f"{total} records are fewer than {self._minimum}")
        if self._ends in ("Completed", "PartiallyCompleted"):
            return await self._answered(batch, files, total)
        return replace(batch, status=self._ends, failure="the script says so" if self._ends == "Failed" else None)

    async def _answered(self, batch: Batch, files: dict[str, list[dict[str, Any]]], total: int) -> Batch:
        left = total if self._ends == "Completed" else total // 2
        outcomes: list[dict[str, Any]] = []
        for name, records in files.items():
            some = records[: left - len(outcomes)]
            lines = [await self._line(self.started[batch.arn].model, record) for record in some]
            outcomes += lines
            body = "".join(f"{json.dumps(line)}\n" for line in reversed(lines)).encode()
            await self._objects.put(f"{_key(batch.output_uri)}{name}.out", body)
        failed = sum("error" in line for line in outcomes)
        return replace(batch, status=self._ends, total=total, succeeded=len(outcomes) - failed, failed=failed)

    async def _inputs(self, uri: str) -> dict[str, list[dict[str, Any]]]:
        key = _key(uri)
        found = [stored.key async for stored in self._objects.list(key) if stored.key.endswith(".jsonl")]
        bodies = {each.rsplit("/", 1)[-1]: await self._objects.get(each) for each in found}
        return {name: [json.loads(line) for line in body.splitlines() if line] for name, body in bodies.items()}

    async def _line(self, model: str, record: dict[str, Any]) -> dict[str, Any]:
        asked = record["modelInput"]
        line = {"recordId": record["recordId"], "modelInput": asked}
        try:
            answer = await self._bedrock.converse(
                model=model, system=asked["system"][0]["text"], user=asked["messages"][-1]["content"][0]["text"],
                max_tokens=asked["inferenceConfig"]["maxTokens"], cache=False,
            )  # fmt: skip
        except GroundtuneError as error:
            code = 429 if isinstance(error, Throttled) else 400
            return line | {"error": {"errorCode": code, "errorMessage": str(error)}}
        content = [{"text": answer.text}]
        usage = {"inputTokens": answer.input_tokens, "outputTokens": answer.output_tokens}
        message = {"message": {"role": "assistant", "content": content}}
        return line | {"modelOutput": {"output": message, "stopReason": answer.stop_reason, "usage": usage}}


def _key(uri: str) -> str:
    """The key of ``s3://bucket/key``."""
    return uri.removeprefix("s3://").partition("/")[2]
