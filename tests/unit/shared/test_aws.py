from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError, EndpointConnectionError, NoCredentialsError

from shared.aws import calling
from shared.errors import CloudError, NotProvisioned, Retryable, Throttled, Unreachable


def answered(code: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "Operation")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (answered("ThrottlingException"), Throttled),
        (answered("Whatever", 429), Throttled),
        (answered("InternalError", 503), Retryable),
        (ConnectTimeoutError(endpoint_url="http://x"), Retryable),
        (answered("AWS.SimpleQueueService.NonExistentQueue"), NotProvisioned),
        (answered("ResourceNotFoundException"), NotProvisioned),
        (answered("ExpiredToken", 403), CloudError),
        (answered("AccessDenied", 403), CloudError),
        (NoCredentialsError(), CloudError),
        (EndpointConnectionError(endpoint_url="http://nowhere"), Unreachable),
    ],
)
def test_each_error_of_aws_becomes_one_of_ours_naming_what_was_used(error: Exception, kind: type[Exception]) -> None:
    with pytest.raises(kind, match="queue q") as raised, calling("queue q"):
        raise error
    assert type(raised.value) is kind


def test_a_mistake_of_the_caller_passes_unchanged() -> None:
    with pytest.raises(ClientError, match="ValidationException"), calling("queue q"):
        raise answered("ValidationException")
