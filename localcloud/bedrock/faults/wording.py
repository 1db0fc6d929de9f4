"""The errors that are raised on purpose, worded as AWS words them where its wording is public."""

from __future__ import annotations

from collections.abc import Callable

from localcloud.bedrock.errors import (
    AccessDeniedException,
    AwsError,
    InternalServerException,
    ModelErrorException,
    ModelTimeoutException,
    ResourceNotFoundException,
    ServiceUnavailableException,
)

_ERRORS: dict[str, Callable[[], AwsError]] = {
    "InternalServerException": lambda: InternalServerException(
        "The system encountered an unexpected error during processing. Try your request again."
    ),
    "ServiceUnavailableException": lambda: ServiceUnavailableException("Bedrock is unable to process your request."),
    "ModelErrorException": lambda: ModelErrorException(
        "The system encountered an unexpected error during processing. Try your request again."
    ),
    "ModelTimeoutException": lambda: ModelTimeoutException(
        "Model has timed out in processing the request. Try your request again."
    ),
    "ResourceNotFoundException": lambda: ResourceNotFoundException(
        "This model version has reached the end of its life. Please refer to the AWS documentation for more details."
    ),
    "AccessDeniedException": lambda: AccessDeniedException("You don't have access to the model with the specified ID."),
}


def made(code: str) -> AwsError:
    """A new error of this code: one that was raised keeps its traceback."""
    return _ERRORS[code]()
