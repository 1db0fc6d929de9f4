"""The one bucket: private, encrypted, and telling doc-ingest's queue what arrives in its inbox."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from shared.cloud_errors import code_of
from shared.errors import CloudError
from shared.provision.change import Change, action
from shared.provision.cloud import Cloud
from shared.provision.notification import provision_notification
from shared.topology import Topology

NO_PUBLIC_ACCESS = {
    "BlockPublicAcls": True, "IgnorePublicAcls": True, "BlockPublicPolicy": True, "RestrictPublicBuckets": True,
}  # fmt: skip
ENCRYPTION = {"Rules": [{"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "AES256"}}]}
NOT_SET = frozenset({"NoSuchPublicAccessBlockConfiguration", "ServerSideEncryptionConfigurationNotFoundError"})


def provision_bucket(cloud: Cloud, topology: Topology) -> Change:
    """Creates the bucket or corrects it. Raises CloudError when the name belongs to somebody else."""
    created = not _exists(cloud)
    if created:
        _create(cloud)
    changed = [
        what
        for what, provisioned in (
            ("public access block", _block_public_access(cloud)),
            ("default encryption", _encrypt(cloud)),
            ("inbox notification", provision_notification(cloud, topology)),
        )
        if provisioned
    ]
    return Change("bucket", cloud.names.bucket, action(created, changed), ", ".join(changed))


def refuse_unless_empty(cloud: Cloud) -> None:
    """Raises CloudError when the bucket holds anything."""
    name = cloud.names.bucket
    if _exists(cloud) and cloud.client("s3").list_objects_v2(Bucket=name, MaxKeys=1).get("KeyCount", 0):
        raise CloudError(f"bucket {name} is not empty; --force deletes every object in it, for good")


def destroy_bucket(cloud: Cloud) -> list[Change]:
    """Deletes the bucket with everything in it."""
    if not _exists(cloud):
        return []
    s3, name = cloud.client("s3"), cloud.names.bucket
    for page in s3.get_paginator("list_object_versions").paginate(Bucket=name):
        versions = [*page.get("Versions", []), *page.get("DeleteMarkers", [])]
        _delete_objects(cloud, [{"Key": one["Key"], "VersionId": one["VersionId"]} for one in versions])
    s3.delete_bucket(Bucket=name)
    return [Change("bucket", name, "deleted")]


def _exists(cloud: Cloud) -> bool:
    try:
        cloud.client("s3").head_bucket(Bucket=cloud.names.bucket)
    except ClientError as error:
        if code_of(error) in ("404", "NoSuchBucket"):
            return False
        if code_of(error) in ("403", "AccessDenied"):
            message = "is not ours: another account owns the name, or head_bucket is denied; set GROUNDTUNE_BUCKET"
            raise CloudError(f"bucket {cloud.names.bucket} {message}") from None
        raise
    return True


def _create(cloud: Cloud) -> None:
    s3, region, name = cloud.client("s3"), cloud.settings.region, cloud.names.bucket
    # us-east-1 is the one region that S3 does not take as a constraint.
    place = {} if region == "us-east-1" else {"CreateBucketConfiguration": {"LocationConstraint": region}}
    s3.create_bucket(Bucket=name, **place)
    s3.get_waiter("bucket_exists").wait(Bucket=name, WaiterConfig={"Delay": 1, "MaxAttempts": 60})


def _block_public_access(cloud: Cloud) -> bool:
    s3, name = cloud.client("s3"), cloud.names.bucket
    current = _read(cloud, lambda: s3.get_public_access_block(Bucket=name)["PublicAccessBlockConfiguration"])
    if current is None or current == NO_PUBLIC_ACCESS:
        return False
    s3.put_public_access_block(Bucket=name, PublicAccessBlockConfiguration=NO_PUBLIC_ACCESS)
    return True


def _encrypt(cloud: Cloud) -> bool:
    """Sets SSE-S3 where nothing is set; a key that somebody chose stays."""
    s3, name = cloud.client("s3"), cloud.names.bucket
    current = _read(cloud, lambda: s3.get_bucket_encryption(Bucket=name)["ServerSideEncryptionConfiguration"])
    if current is None or current.get("Rules"):
        return False
    s3.put_bucket_encryption(Bucket=name, ServerSideEncryptionConfiguration=ENCRYPTION)
    return True


def _read(cloud: Cloud, call: Any) -> dict[str, Any] | None:
    """What is set now ({} for nothing); None when this local cloud has no such setting."""
    try:
        return dict(call())
    except ClientError as error:
        if code_of(error) in NOT_SET:
            return {}
        if cloud.lacks(error):
            return None
        raise


def _delete_objects(cloud: Cloud, versions: list[dict[str, str]]) -> None:
    if not versions:
        return
    delete = {"Objects": versions, "Quiet": True}
    failed = cloud.client("s3").delete_objects(Bucket=cloud.names.bucket, Delete=delete).get("Errors", [])
    if failed:
        first = failed[0]
        raise CloudError(f"cannot delete {first.get('Key')} of {cloud.names.bucket}: {first.get('Message')}")
