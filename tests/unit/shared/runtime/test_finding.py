from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from shared.aws_retries import TRIES
from shared.errors import CloudError, NotProvisioned, Unreachable
from shared.runtime.finding import find_queue
from shared.runtime.sqs import SqsClients, SqsQueue
from shared.settings import Settings
from shared.testing import FakeClock


class Failing:
    """A client that raises one error after another and then answers."""

    def __init__(self, errors: list[Exception]) -> None:
        self._errors = errors
        self.asked: list[tuple[str, Mapping[str, Any]]] = []

    async def call(self, operation: str, content: Mapping[str, Any]) -> dict[str, Any]:
        self.asked.append((operation, content))
        if self._errors:
            raise self._errors.pop(0)
        return {"QueueUrl": "http://sqs/1/q"}


def refused(code: str, status: int) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": ""}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "GetQueueUrl")


async def found(client: Failing) -> SqsQueue:
    clock = FakeClock()
    return await clock.run(find_queue(SqsClients(client, client, client), Settings(), clock, "q"))


async def test_a_queue_is_found_by_its_name_even_when_the_service_stumbles() -> None:
    client = Failing([refused("InternalError", 500), refused("RequestThrottled", 400)])
    queue = await found(client)
    assert (queue.name, queue.url) == ("q", "http://sqs/1/q")
    assert client.asked == [("GetQueueUrl", {"QueueName": "q"})] * 3


@pytest.mark.parametrize(
    ("error", "kind", "asked"),
    [
        (refused("InternalError", 500), CloudError, TRIES),
        (refused("AWS.SimpleQueueService.NonExistentQueue", 400), NotProvisioned, 1),
        (refused("AccessDenied", 403), CloudError, 1),
        (EndpointConnectionError(endpoint_url="http://sqs"), Unreachable, 1),
    ],
)
async def test_what_does_not_pass_is_an_error_for_a_person(error: Exception, kind: type[Exception], asked: int) -> None:
    client = Failing([error] * 10)
    with pytest.raises(kind) as raised:
        await found(client)
    assert type(raised.value) is kind and len(client.asked) == asked
