"""Bedrock's errors, as the three kinds that the runtime knows."""

from __future__ import annotations

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError

from shared.cloud_errors import DENIED
from shared.errors import GroundtuneError, Poison, Retryable, Throttled

THROTTLED = frozenset({"ThrottlingException", "TooManyRequestsException", "ServiceQuotaExceededException"})
TRANSIENT = frozenset(
    {
        "InternalServerException",
        "ServiceUnavailableException",
        "ModelTimeoutException",
        "ModelNotReadyException",
        "ModelErrorException",
        "RequestTimeout",
    }
)


def code_of(error: ClientError) -> str:
    """The error's code, such as ``ValidationException``."""
    return str(error.response.get("Error", {}).get("Code", ""))


def is_denied(error: Exception) -> bool:
    """Whether an error, or the one of botocore's that it stands for, says that the caller may not do that."""
    refused = error if isinstance(error, ClientError) else error.__cause__
    return isinstance(refused, ClientError) and code_of(refused) in DENIED


def translated(error: Exception, doing: str) -> GroundtuneError:
    """The error to raise instead of botocore's. ``doing`` names the call for a person: ``Converse with model x``."""
    if isinstance(error, ClientError):
        code, message = code_of(error), str(error.response.get("Error", {}).get("Message", ""))
        if code in THROTTLED:
            return Throttled(f"{doing}: {code}: {message}")
        status = int(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
        if code in TRANSIENT or status >= 500:
            return Retryable(f"{doing}: {code}: {message}")
        return Poison(f"{doing}: {code}: {message}")
    if isinstance(error, (ConnectionError, HTTPClientError)):
        return Retryable(f"{doing}: {error}")
    return Poison(f"{doing}: {type(error).__name__}: {error}")
