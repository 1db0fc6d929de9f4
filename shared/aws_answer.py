"""The answer of an AWS JSON service: its content, or the error that botocore would raise for it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NoReturn

from botocore.exceptions import ClientError, HTTPClientError

TELLING = frozenset({401, 403, 407, 429})
"""Statuses that say by themselves what is wrong, whoever between us and the service has answered."""


@dataclass(frozen=True)
class Answer:
    """What came back. Names of ``headers`` are in lower case."""

    status: int
    headers: Mapping[str, str]
    body: bytes

    def content(self, operation: str, url: str) -> dict[str, Any]:
        """The JSON object in it.

        Raises ClientError with the service's code, or HTTPClientError when this is no answer of the service.
        """
        content = _json_object(self.body)
        if content is None and self.status < 500 and self.status not in TELLING:
            raise HTTPClientError(error=f"{url} answered with HTTP {self.status} and no JSON")
        if content is None or self.status >= 300:
            self._refuse(content, operation)
        return content

    def _refuse(self, content: dict[str, Any] | None, operation: str) -> NoReturn:
        fields = {"message": self.body[:200].decode(errors="replace")} if content is None else content
        error = {"Message": fields.pop("message", None) or fields.pop("Message", None) or "", **self._code(fields)}
        metadata = {
            "HTTPStatusCode": self.status, "HTTPHeaders": dict(self.headers), "RetryAttempts": 0,
            "RequestId": self.headers.get("x-amzn-requestid", ""),
        }  # fmt: skip
        raise ClientError({**fields, "Error": error, "ResponseMetadata": metadata}, operation)

    def _code(self, fields: dict[str, Any]) -> dict[str, str]:
        """Code and, where the service still speaks in those of its query protocol, whose fault it is."""
        named = fields.pop("__type", None) or self.headers.get("x-amzn-errortype") or str(self.status)
        # com.amazonaws.sqs#QueueDoesNotExist, or QueueDoesNotExist:http://internal.amazon.com/…
        code = str(named).partition(":")[0].rpartition("#")[2]
        query_code, separator, fault = self.headers.get("x-amzn-query-error", "").partition(";")
        if query_code and separator:
            return {"Code": query_code, "QueryErrorCode": code, "Type": fault}
        return {"Code": code}


def _json_object(body: bytes) -> dict[str, Any] | None:
    """None when the body is something else. Operations that return nothing answer with no body at all."""
    try:
        content = json.loads(body or b"{}")
    except ValueError:
        return None
    return content if isinstance(content, dict) else None
