from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from shared.aws_retries import TRIES, Retrying


def refusal(code: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "PutItem")


class Failing:
    """Fails with each error, then answers."""

    def __init__(self, *errors: Exception) -> None:
        self.errors = list(errors)
        self.calls = 0

    async def call(self, operation: str, content: Mapping[str, Any]) -> dict[str, Any]:
        self.calls += 1
        if self.errors:
            raise self.errors.pop(0)
        return {"done": True}


class Sleeps:
    def __init__(self) -> None:
        self.slept: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.slept.append(seconds)


PASSING = [
    refusal("ProvisionedThroughputExceededException"),
    refusal("InternalServerError", 500),
    ConnectionClosedError(endpoint_url="http://x"),
    refusal("ThrottlingException"),
]


async def test_what_passes_is_tried_again_with_growing_delays() -> None:
    client, sleeps = Failing(*PASSING), Sleeps()
    assert await Retrying(client, chance=lambda: 0.5, sleep=sleeps).call("PutItem", {}) == {"done": True}
    assert client.calls == TRIES and sleeps.slept == [0.1, 0.2, 0.4, 0.8]


async def test_the_last_error_is_raised_when_it_does_not_pass() -> None:
    client = Failing(*PASSING, refusal("InternalServerError", 500))
    with pytest.raises(ClientError, match="InternalServerError"):
        await Retrying(client, sleep=Sleeps()).call("PutItem", {})
    assert client.calls == TRIES


@pytest.mark.parametrize("code", ["ConditionalCheckFailedException", "ValidationException", "ExpiredTokenException"])
async def test_what_will_not_change_is_raised_at_once(code: str) -> None:
    client = Failing(refusal(code))
    with pytest.raises(ClientError, match=code):
        await Retrying(client, sleep=Sleeps()).call("PutItem", {})
    assert client.calls == 1
