"""botocore's errors as groundtune's: which are worth another try, and what a person must do about the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from botocore.exceptions import (
    ClientError,
    ConnectionError,
    EndpointConnectionError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
)  # fmt: skip

from shared.cloud_errors import BAD_CREDENTIALS, DENIED, MISSING, code_of
from shared.errors import CloudError, GroundtuneError, NotProvisioned, Retryable, Throttled, Unreachable

THROTTLED = frozenset({
    "Throttling", "ThrottlingException", "RequestThrottled", "RequestLimitExceeded", "SlowDown",
    "TooManyRequestsException", "ProvisionedThroughputExceededException", "OverLimit",
})  # fmt: skip
REFUSED = DENIED | BAD_CREDENTIALS | {"403"}


@contextmanager
def calling(what: str) -> Iterator[None]:
    """Turns botocore's errors of one call into ours; ``what`` names what is used (``queue groundtune-scorer``).

    Throttled and Retryable for what passes, Unreachable, NotProvisioned and CloudError for what a person must mend.
    Other client errors pass unchanged: they are mistakes of the caller.
    """
    try:
        yield
    except (ClientError, ConnectionError, HTTPClientError, NoCredentialsError, PartialCredentialsError) as error:
        translated = translate(error, what)
        if translated is None:
            raise
        raise translated from error


def translate(error: Exception, what: str) -> GroundtuneError | None:
    """Our error for one of botocore's; None when it is the caller's mistake."""
    if isinstance(error, ClientError):
        return _answered(error, what)
    if isinstance(error, EndpointConnectionError):
        return Unreachable(
            f"{what}: nothing answers at {error.kwargs['endpoint_url']}; check AWS_ENDPOINT_URL and that it is up"
        )
    if isinstance(error, NoCredentialsError | PartialCredentialsError):
        return CloudError(f"{what}: no AWS credentials found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and its secret")
    return Retryable(f"{what}: the connection failed ({error})")


def _answered(error: ClientError, what: str) -> GroundtuneError | None:
    code = code_of(error)
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400))
    if code in THROTTLED or status == 429:
        return Throttled(f"{what}: throttled ({code})")
    if code in MISSING:
        return NotProvisioned(f"{what} does not exist; `groundtune provision` creates it")
    if code in REFUSED:
        return CloudError(f"{what}: refused ({code}); check the credentials and the permissions of their role")
    if status >= 500:
        return Retryable(f"{what}: the service failed ({code or status})")
    return None
