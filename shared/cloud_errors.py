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
from botocore.parsers import ResponseParserError

from shared.errors import CloudError, NotProvisioned, Unreachable
from shared.settings import Settings

MISSING = frozenset({
    "AWS.SimpleQueueService.NonExistentQueue", "QueueDoesNotExist", "NonExistentQueue",
    "NoSuchBucket", "ResourceNotFoundException", "ResourceNotFound",
})  # fmt: skip
"""Error codes of a queue, bucket or table that does not exist."""

DENIED = frozenset({
    "AccessDenied", "AccessDeniedException", "UnauthorizedOperation", "AuthorizationError", "KmsAccessDenied",
    "KMS.AccessDeniedException",
})  # fmt: skip
EXPIRED = frozenset({"ExpiredToken", "ExpiredTokenException"})
BAD_CREDENTIALS = EXPIRED | {
    "InvalidClientTokenId", "UnrecognizedClientException", "SignatureDoesNotMatch", "InvalidAccessKeyId",
    "InvalidSignatureException",
}  # fmt: skip
CLOCK = frozenset({
    "RequestTimeTooSkewed", "RequestExpired", "RequestInTheFuture", "InvalidSignatureException",
    "SignatureDoesNotMatch", "AuthFailure",
})  # fmt: skip
"""Codes of a signature that a wrong clock may have spoilt."""
SDK_ERRORS = (BotoCoreError, ClientError, ResponseParserError)
"""What ``explained`` explains: all that botocore raises of what it meets."""


def explained(error: Exception, settings: Settings) -> CloudError:
    """The same error, one of ``SDK_ERRORS``, as one that a person can act on."""
    where = place(settings)
    if isinstance(error, ClientError):
        return _refused(error, where)
    if isinstance(error, ResponseParserError):
        return CloudError(f"{where} does not answer as AWS does ({_line(error)}); correct AWS_ENDPOINT_URL")
    if isinstance(error, (NoCredentialsError, PartialCredentialsError, CredentialRetrievalError)):
        return CloudError(f"no AWS credentials for {where}: {error}; {_credentials(settings)}")
    if isinstance(error, (ConnectionError, HTTPClientError)):
        return Unreachable(f"nothing answers at {where}: {error}; {_start(settings)}")
    return CloudError(f"{where}: {error}")


def code_of(error: ClientError) -> str:
    """The service's error code, such as ``NoSuchBucket`` or ``404``."""
    return str(error.response.get("Error", {}).get("Code", ""))


def said_by(error: ClientError) -> str:
    """Code and message: who may not do what with which resource stands there, if anywhere."""
    return f"{code_of(error)}: {error.response.get('Error', {}).get('Message', '')}".rstrip(": .")


def place(settings: Settings) -> str:
    """Where all that is used is looked for."""
    return f"{settings.endpoint} (region {settings.region})" if settings.endpoint else f"AWS in {settings.region}"


def remedy(error: ClientError) -> str | None:
    """What a person can do about a refusal; None of a code that tells nothing about it."""
    code = code_of(error)
    if code in DENIED:
        return "allow it to the credentials in use"
    if code in EXPIRED:
        return "the credentials have expired: renew them (`aws sso login`, or the AWS_… variables) and start again"
    if code in BAD_CREDENTIALS:
        return "check AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, and this machine's clock"
    return "set this machine's clock" if code in CLOCK else None


def _refused(error: ClientError, where: str) -> CloudError:
    said = f"{where} answered {error.operation_name} with {said_by(error)}"
    if code_of(error) in MISSING:
        return NotProvisioned(f"{said}; run `groundtune provision` first")
    advice = remedy(error)
    return CloudError(said if advice is None else f"{said}; {advice}")


def _line(error: Exception) -> str:
    return " ".join(str(error).split())[:200]


def _credentials(settings: Settings) -> str:
    if settings.endpoint:
        return "a local cloud takes AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test"
    return "set AWS_PROFILE or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_ENDPOINT_URL for a local cloud"


def _start(settings: Settings) -> str:
    if settings.endpoint:
        return "start a local cloud with `groundtune local up`, or correct AWS_ENDPOINT_URL"
    return "check the network and AWS_REGION"
