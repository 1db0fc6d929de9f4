"""botocore's errors as groundtune's: which are worth another try, and what a person must do about the others."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from aiohttp import ClientPayloadError
from botocore.exceptions import (
    ClientError,
    ConnectionError,
    CredentialRetrievalError,
    EndpointConnectionError,
    HTTPClientError,
    IncompleteReadError,
    LoginError,
    MetadataRetrievalError,
    NoCredentialsError,
    PartialCredentialsError,
    SSOError,
    TokenRetrievalError,
)  # fmt: skip

from shared.cloud_errors import BAD_CREDENTIALS, CLOCK, DENIED, MISSING, code_of, remedy, said_by
from shared.errors import CloudError, GroundtuneError, NotProvisioned, Retryable, Throttled, Unreachable

THROTTLED = frozenset({
    "Throttling", "ThrottlingException", "RequestThrottled", "RequestLimitExceeded", "SlowDown",
    "TooManyRequestsException", "ProvisionedThroughputExceededException", "OverLimit", "ThrottledException",
    "RequestThrottledException", "KmsThrottled", "KMS.ThrottlingException",
})  # fmt: skip
PASSING = frozenset({"RequestTimeout", "RequestTimeoutException", "PriorRequestNotComplete"})
"""Codes that say ``again`` with a status below 500."""
REFUSED = DENIED | BAD_CREDENTIALS | CLOCK | {"401", "403", "407"}
UNRENEWED = (CredentialRetrievalError, MetadataRetrievalError)
"""Credentials that ran out while whoever renews them did not answer."""
ABSENT = (NoCredentialsError, PartialCredentialsError)
LOGGED_OUT = (SSOError, TokenRetrievalError, LoginError)
"""Credentials that come from a person's login, which has run out."""
TORN = (ClientPayloadError, IncompleteReadError)
"""An answer that broke off; the first is no error of botocore's, which lets it pass."""
TRANSLATED = (ClientError, ConnectionError, HTTPClientError, *ABSENT, *UNRENEWED, *LOGGED_OUT, *TORN)


@contextmanager
def calling(what: str) -> Iterator[None]:
    """Turns botocore's errors of one call into ours; ``what`` names what is used (``queue groundtune-scorer``).

    Throttled and Retryable for what passes, Unreachable, NotProvisioned and CloudError for what a person must mend.
    Other client errors pass unchanged: they are mistakes of the caller.
    """
    try:
        yield
    except TRANSLATED as error:
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
    if isinstance(error, ABSENT):
        return CloudError(f"{what}: no AWS credentials found; set AWS_PROFILE, or AWS_ACCESS_KEY_ID and its secret")
    if isinstance(error, UNRENEWED):
        return Retryable(f"{what}: the AWS credentials could not be renewed ({error})")
    if isinstance(error, LOGGED_OUT):
        return CloudError(f"{what}: the AWS credentials could not be renewed: {error}")
    return Retryable(f"{what}: the connection failed ({error})")


def _answered(error: ClientError, what: str) -> GroundtuneError | None:
    code = code_of(error)
    status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 400))
    if code in THROTTLED or status == 429:
        return Throttled(f"{what}: throttled ({code})")
    if code in MISSING:
        return NotProvisioned(f"{what} does not exist; `groundtune provision` creates it")
    if code in REFUSED:
        advice = remedy(error) or "check the credentials and the permissions of their role"
        return CloudError(f"{what}: {error.operation_name} was refused ({said_by(error)}); {advice}")
    if status >= 500 or code in PASSING:
        return Retryable(f"{what}: the service failed ({code or status})")
    return None
