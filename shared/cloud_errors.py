"""botocore's errors in words for a person: which endpoint or resource, and what to do."""

from __future__ import annotations

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectionError,
    CredentialRetrievalError,
    HTTPClientError,
    NoCredentialsError,
    PartialCredentialsError,
)

from shared.errors import CloudError, NotProvisioned, Unreachable
from shared.settings import Settings

MISSING = frozenset({
    "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "NonExistentQueue",
    "NoSuchBucket", "ResourceNotFoundException", "ResourceNotFound",
})  # fmt: skip
"""Error codes of a queue, bucket or table that does not exist."""

DENIED = frozenset({"AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError"})
BAD_CREDENTIALS = frozenset({
    "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidAccessKeyId",
    "ExpiredToken", "ExpiredTokenException", "InvalidSignatureException",
})  # fmt: skip
CLOCK = frozenset({
    "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException",
    "SignatureDoesNotMatch", "AuthFailure",
})  # fmt: skip
"""Codes of a signature that a wrong clock may have spoilt."""


def explained(error: BotoCoreError | ClientError, settings: Settings) -> CloudError:
    """The same error as one that a person can act on."""
    where = settings.endpoint or f"AWS in {settings.region}"
    if isinstance(error, ClientError):
        return _refused(error, where)
    if isinstance(error, (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError)):
        return CloudError(f"no AWS credentials for {where}: {error}; {_credentials(settings)}")
    if isinstance(error, (ConnectionError, HTTPClientError)):
        return Unreachable(f"nothing answers at {where}: {error}; {_start(settings)}")
    return CloudError(f"{where}: {error}")


def code_of(error: ClientError) -> str:
    """The service's error code, such as ``NoSuchBucket`` or ``404``."""
    return str(error.response.get("Error", {}).get("Code", ""))


def _refused(error: ClientError, where: str) -> CloudError:
    code = code_of(error)
    said = f"{where} answered {error.operation_name} with {code}: {error.response['Error'].get('Message', '')}"
    if code in MISSING:
        return NotProvisioned(f"{said}; run `groundtune provision` first")
    if code in DENIED:
        return CloudError(f"{said}; allow {error.operation_name} to the credentials in use")
    if code in BAD_CREDENTIALS:
        return CloudError(f"{said}; check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN")
    return CloudError(said)


def _credentials(settings: Settings) -> str:
    if settings.endpoint:
        return "a local cloud takes AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test"
    return "set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_ENDPOINT_URL for a local cloud"


def _start(settings: Settings) -> str:
    if settings.endpoint:
        return "start a local cloud with `groundtune local up`, or correct AWS_ENDPOINT_URL"
    return "check the network and AWS_REGION"
