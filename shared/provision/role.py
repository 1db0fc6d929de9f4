"""The role that Bedrock takes to read a job's files and to write its results.

Source: Amazon Bedrock user guide, "Create a service role for model customization" and "… for batch inference".
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from botocore.exceptions import ClientError

from shared.cloud_errors import code_of
from shared.provision.change import Change, action
from shared.provision.cloud import Cloud, Names, parsed

POLICY = "runs-in-s3"


def provision_role(cloud: Cloud) -> Change:
    iam, name, names = cloud.client("iam"), cloud.settings.bedrock_role, cloud.names
    created = _role(cloud) is None
    if created:
        iam.create_role(RoleName=name, AssumeRolePolicyDocument=json.dumps(trust(names)))
        iam.get_waiter("role_exists").wait(RoleName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})
    changed = []
    if parsed((_role(cloud) or {}).get("AssumeRolePolicyDocument")) != parsed(trust(names)):
        iam.update_assume_role_policy(RoleName=name, PolicyDocument=json.dumps(trust(names)))
        changed.append("trust")
    if parsed(_policy(cloud)) != parsed(access(names)):
        iam.put_role_policy(RoleName=name, PolicyName=POLICY, PolicyDocument=json.dumps(access(names)))
        changed.append("access")
    return Change("role", name, action(created, changed), ", ".join(changed))


def destroy_role(cloud: Cloud) -> list[Change]:
    if _role(cloud) is None:
        return []
    iam, name = cloud.client("iam"), cloud.settings.bedrock_role
    if _policy(cloud) is not None:
        iam.delete_role_policy(RoleName=name, PolicyName=POLICY)
    iam.delete_role(RoleName=name)
    return [Change("role", name, "deleted")]


def trust(names: Names) -> dict[str, Any]:
    """Bedrock may take the role, for customization and batch inference jobs of this account only."""
    statement = {
        "Effect": "Allow",
        "Principal": {"Service": "bedrock.amazonaws.com"},
        "Action": "sts:AssumeRole",
        "Condition": {
            "StringEquals": {"aws:SourceAccount": names.account},
            "ArnLike": {"aws:SourceArn": [names.customization_jobs, names.invocation_jobs]},
        },
    }
    return {"Version": "2012-10-17", "Statement": [statement]}


def access(names: Names) -> dict[str, Any]:
    """Files of runs and of batch inference, and nothing else in the bucket; a batch may name an inference profile."""
    objects = ["s3:GetObject", "s3:PutObject"]
    folders = [f"{names.bucket_arn}/runs/*", f"{names.bucket_arn}/batches/*"]
    return {
        "Version": "2012-10-17",
        "Statement": [
            {"Effect": "Allow", "Action": objects, "Resource": folders},
            {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": names.bucket_arn},
            {"Effect": "Allow", "Action": "bedrock:InvokeModel", "Resource": names.models},
        ],
    }


def _role(cloud: Cloud) -> dict[str, Any] | None:
    return _found(lambda: cloud.client("iam").get_role(RoleName=cloud.settings.bedrock_role)["Role"])


def _policy(cloud: Cloud) -> dict[str, Any] | None:
    iam, name = cloud.client("iam"), cloud.settings.bedrock_role
    return _found(lambda: iam.get_role_policy(RoleName=name, PolicyName=POLICY)["PolicyDocument"])


def _found(call: Callable[[], dict[str, Any]]) -> dict[str, Any] | None:
    try:
        return call()
    except ClientError as error:
        if code_of(error) in ("NoSuchEntity", "NoSuchEntityException"):
            return None
        raise
