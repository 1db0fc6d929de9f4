"""Batch inference as workers see it: jobs over files in S3, the records that go in and the results that come out.

Formats: Amazon Bedrock user guide, "Format and upload your batch inference data" and "View the results of a batch
inference job".
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from shared.bedrock.ports import Answer
from shared.bedrock.requests import answer_of, converse_request

Status = Literal[
    "Submitted", "Validating", "Scheduled", "InProgress", "Completed", "PartiallyCompleted", "Failed", "Stopping",
    "Stopped", "Expired",
]  # fmt: skip
ENDED = frozenset({"Completed", "PartiallyCompleted", "Failed", "Stopped", "Expired"})
_ID_LENGTH = 64


@dataclass(frozen=True)
class Batch:
    """A batch inference job. ``output_uri`` is the folder of its results, which ends with a slash; counts are of
    records, 0 until Bedrock has counted."""

    arn: str
    status: Status
    output_uri: str
    failure: str | None = None
    total: int = 0
    succeeded: int = 0
    failed: int = 0

    @property
    def ended(self) -> bool:
        """Whether nothing will change any more. Any end but Failed and Expired may have left results."""
        return self.status in ENDED


@dataclass(frozen=True)
class BatchError:
    """Why a record has no answer: an HTTP status, 429 and from 500 on worth another try, and Bedrock's words."""

    code: int
    message: str


class Batches(Protocol):
    """Calls raise Throttled, Retryable or Poison, never botocore's own errors."""

    async def create(
        self, *, name: str, token: str, model: str, input_uri: str, output_uri: str, tags: Mapping[str, str]
    ) -> str:
        """Starts a job over Converse bodies, or finds the one of this name; returns its ARN.

        ``input_uri`` is a ``.jsonl`` file of ``batch_record`` lines, or a folder of them.
        """
        ...

    async def get(self, arn: str) -> Batch: ...

    async def stop(self, arn: str) -> None:
        """Asks for the end of a job; no error when it has ended."""
        ...


def batch_record(digest: str, system: str, user: str, max_tokens: int) -> dict[str, Any]:
    """One line of an input file: what ``Bedrock.converse`` asks, under an id of at most 64 letters and digits."""
    body = {name: value for name, value in converse_request("", system, user, max_tokens).items() if name != "modelId"}
    return {"recordId": digest[:_ID_LENGTH], "modelInput": body}


def read_results(lines: Iterable[str]) -> Iterator[tuple[str, Answer | BatchError]]:
    """Record id and what became of it, for each line of a ``.jsonl.out`` file, in the file's order, which is no order.

    A line that is torn or has no id cannot belong to anybody and is left out: its record stays without a result.
    """
    for line in lines:
        row = _row(line)
        if row is not None:
            yield row["recordId"], _result(row)


def _row(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except ValueError:
        return None
    return row if isinstance(row, dict) and isinstance(row.get("recordId"), str) else None


def _result(row: Mapping[str, Any]) -> Answer | BatchError:
    error = row.get("error")
    if isinstance(error, dict):
        return BatchError(int(error.get("errorCode", 0)), str(error.get("errorMessage", "")))
    try:
        return answer_of(row["modelOutput"])
    except (KeyError, TypeError, AttributeError) as missing:
        return BatchError(500, f"the result is no answer of Converse ({type(missing).__name__}: {missing})")
