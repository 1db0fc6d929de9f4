"""The errors that Bedrock answers with, as AWS spells them on the wire."""

from __future__ import annotations


class AwsError(Exception):
    """An error response: ``code`` goes into ``x-amzn-ErrorType``, the message into the body."""

    code = "InternalServerException"
    status = 500


class ValidationException(AwsError):
    code = "ValidationException"
    status = 400


class ResourceNotFoundException(AwsError):
    code = "ResourceNotFoundException"
    status = 404


class ConflictException(AwsError):
    code = "ConflictException"
    status = 400


class AccessDeniedException(AwsError):
    code = "AccessDeniedException"
    status = 403


class InternalServerException(AwsError):
    """Raised on purpose; what nobody meant is an AwsError as it is."""


class ThrottlingException(AwsError):
    code = "ThrottlingException"
    status = 429


class ServiceQuotaExceededException(AwsError):
    code = "ServiceQuotaExceededException"
    status = 400


class ModelNotReadyException(AwsError):
    code = "ModelNotReadyException"
    status = 429


class ModelErrorException(AwsError):
    code = "ModelErrorException"
    status = 424


class ModelTimeoutException(AwsError):
    code = "ModelTimeoutException"
    status = 408


class ServiceUnavailableException(AwsError):
    code = "ServiceUnavailableException"
    status = 503


class UnknownOperationException(AwsError):
    """Raised for a route of AWS that the local Bedrock does not serve (501), and for one that nobody has (404)."""

    code = "UnknownOperationException"

    def __init__(self, message: str, status: int = 501) -> None:
        super().__init__(message)
        self.status = status
