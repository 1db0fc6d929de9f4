"""What Bedrock checks before it accepts a customization job."""

from __future__ import annotations

import json
from typing import Any

from localcloud.bedrock import hyperparameters
from localcloud.bedrock.backend import Backend
from localcloud.bedrock.call import Call
from localcloud.bedrock.catalog import Foundation
from localcloud.bedrock.cloud import Missing, split_uri
from localcloud.bedrock.errors import ValidationException


async def check_job(backend: Backend, call: Call) -> Foundation:
    """The base model of a job that may start. Raises ValidationException naming what is wrong."""
    request = call.params
    base = _base_model(backend, request)
    hyperparameters.check(request.get("hyperParameters", {}))
    await check_role(backend, request["roleArn"], call.region)
    await _check_data(backend, request, call.region)
    return base


def _base_model(backend: Backend, request: dict[str, Any]) -> Foundation:
    base = backend.catalog.find(request["baseModelIdentifier"])
    if base is None:
        raise ValidationException("The provided model identifier is invalid.")
    if not base.local.customizable:
        why = f" {base.local.id}: {base.local.untrainable}." if base.local.untrainable else ""
        raise ValidationException(f"The model {base.id} does not support customization.{why}")
    kind = request.get("customizationType", "FINE_TUNING")
    if kind != "FINE_TUNING" or "customizationConfig" in request:
        raise ValidationException(f"The model {base.id} does not support the customization type {kind}.")
    return base


async def check_role(backend: Backend, arn: str, region: str) -> None:
    """Raises ValidationException when the role does not exist or does not let Bedrock take it."""
    try:
        role = await backend.cloud.role(arn, region)
    except Missing:
        raise ValidationException(f"Could not assume the provided IAM role {arn}: it does not exist.") from None
    if not _trusts_bedrock(role["AssumeRolePolicyDocument"]):
        raise ValidationException(
            f"Could not assume the provided IAM role {arn}: its trust policy does not allow bedrock.amazonaws.com."
        )


def _trusts_bedrock(policy: str | dict[str, Any]) -> bool:
    document = json.loads(policy) if isinstance(policy, str) else policy
    statements = document.get("Statement", [])
    for statement in [statements] if isinstance(statements, dict) else statements:
        principal = statement.get("Principal", {})
        services = principal.get("Service", []) if isinstance(principal, dict) else principal
        if statement.get("Effect") == "Allow" and ("bedrock.amazonaws.com" in services or "*" in services):
            return True
    return False


async def _check_data(backend: Backend, request: dict[str, Any], region: str) -> None:
    """Messages: user guide, "Troubleshooting model customization issues"."""
    if "s3Uri" not in request["trainingDataConfig"]:
        raise ValidationException("This model takes its training data from trainingDataConfig.s3Uri only.")
    validators = request.get("validationDataConfig", {}).get("validators", [])
    for uri in [request["trainingDataConfig"]["s3Uri"], *(validator["s3Uri"] for validator in validators)]:
        bucket, key = split_uri(uri)
        try:
            await backend.cloud.check_object(bucket, key, region)
        except Missing:
            raise ValidationException(
                f"Could not validate GetObject permissions to access Amazon S3 bucket: {bucket} at key {key}"
            ) from None
    bucket, key = split_uri(request["outputDataConfig"]["s3Uri"])
    try:
        await backend.cloud.check_bucket(bucket, region)
    except Missing:
        raise ValidationException(
            "Amazon S3 perms missing (PutObject): Could not validate PutObject permissions to access S3 bucket:"
            f" {bucket} at key {key}"
        ) from None
