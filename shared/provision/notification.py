"""The bucket's notification: objects created under ``inbox/`` go to the queue that asks for them."""

from __future__ import annotations

from typing import Any

from shared.provision.cloud import Cloud, patiently
from shared.topology import Topology

ID = "groundtune-inbox"
PREFIX = "inbox/"
NOT_YET_VALID = frozenset({"InvalidArgument"})
"""S3 asks the queue at once; a policy set a moment ago may not have arrived there."""


def provision_notification(cloud: Cloud, topology: Topology) -> bool:
    """Sets ours beside what others configured on the bucket; True when anything changed."""
    s3, name = cloud.client("s3"), cloud.names.bucket
    current = s3.get_bucket_notification_configuration(Bucket=name)
    current.pop("ResponseMetadata", None)
    queues = current.get("QueueConfigurations", [])
    others = [entry for entry in queues if entry.get("Id") != ID]
    wanted = _wanted(cloud, topology)
    if [_comparable(entry) for entry in queues if entry.get("Id") == ID] == [_comparable(entry) for entry in wanted]:
        return False
    configuration = {**current, "QueueConfigurations": [*others, *wanted]}
    patiently(
        lambda: s3.put_bucket_notification_configuration(Bucket=name, NotificationConfiguration=configuration),
        NOT_YET_VALID,
    )
    return True


def _wanted(cloud: Cloud, topology: Topology) -> list[dict[str, Any]]:
    return [
        {
            "Id": ID,
            "QueueArn": cloud.names.queue_arn(cloud.settings.queue(queue.worker)),
            "Events": ["s3:ObjectCreated:*"],
            "Filter": {"Key": {"FilterRules": [{"Name": "prefix", "Value": PREFIX}]}},
        }
        for queue in topology.queues
        if queue.s3_notifications
    ]


def _comparable(entry: dict[str, Any]) -> Any:
    rules = entry.get("Filter", {}).get("Key", {}).get("FilterRules", [])
    # S3 gives rule names back capitalised.
    filters = sorted((rule["Name"].lower(), rule["Value"]) for rule in rules)
    return entry["QueueArn"], sorted(entry["Events"]), filters
