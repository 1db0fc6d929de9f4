from __future__ import annotations

from typing import Any

import pytest
from aiohttp import ClientPayloadError
from botocore.exceptions import (
    ClientError,
    ConnectTimeoutError,
    EndpointConnectionError,
    IncompleteReadError,
    LoginRefreshRequired,
    NoCredentialsError,
    UnauthorizedSSOTokenError,
)

from shared.aws import calling
from shared.errors import CloudError, NotProvisioned, Retryable, Throttled, Unreachable


def answered(code: str, status: int = 400, message: str = "") -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
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
        (answered("KMS.AccessDeniedException"), CloudError),
        (answered("RequestTimeTooSkewed", 403), CloudError),
        (answered("403", 403), CloudError),
        (UnauthorizedSSOTokenError(), CloudError),
        (LoginRefreshRequired(), CloudError),
        (ClientPayloadError("the answer broke off"), Retryable),
        (IncompleteReadError(actual_bytes=1, expected_bytes=2), Retryable),
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


@pytest.mark.parametrize(
    ("code", "remedy"),
    [
        ("AccessDenied", "allow it to the credentials in use"),
        ("ExpiredToken", "renew them"),
        ("InvalidClientTokenId", "check AWS_ACCESS_KEY_ID"),
        ("RequestTimeTooSkewed", "this machine's clock"),
        ("403", "check the credentials"),
    ],
)
def test_a_refusal_says_what_was_asked_what_the_service_said_and_what_to_do(code: str, remedy: str) -> None:
    with pytest.raises(CloudError) as raised, calling("queue q"):
        raise answered(code, 403, "user u may not do that")
    said = str(raised.value)
    assert said.startswith(f"queue q: Operation was refused ({code}: user u may not do that); ") and remedy in said
