"""Each worker's queue and its dead-letter queue."""

from __future__ import annotations

import json

from botocore.exceptions import ClientError

from shared.cloud_errors import MISSING, code_of
from shared.provision.change import Change, action
from shared.provision.cloud import Cloud, Names, parsed, patiently
from shared.provision.queue_policy import queue_policy
from shared.topology import Queue, Topology

DAY_S = 86_400
DEAD_LETTER_DAYS = 14
"""SQS's maximum: a message keeps its age when it moves, so a shorter one could lose it on arrival."""

DELETED_RECENTLY = frozenset({"AWS.SimpleQueueService.QueueDeletedRecently", "QueueDeletedRecently"})
"""SQS wants 60 seconds before a deleted queue's name is used again."""


def provision_queues(cloud: Cloud, topology: Topology) -> list[Change]:
    """Dead-letter queues first: a redrive policy must name one that exists."""
    settings, names = cloud.settings, cloud.names
    wanted = {settings.dead_letter_queue(queue.worker): _dead_letters(queue, names) for queue in topology.queues}
    wanted |= {settings.queue(queue.worker): _queue(queue, names) for queue in topology.queues}
    return [_provision(cloud, name, attributes) for name, attributes in wanted.items()]


def destroy_queues(cloud: Cloud, topology: Topology) -> list[Change]:
    settings = cloud.settings
    names = [settings.queue(queue.worker) for queue in topology.queues]
    names += [settings.dead_letter_queue(queue.worker) for queue in topology.queues]
    return [Change("queue", name, "deleted") for name in names if _delete(cloud, name)]


def queue_url(cloud: Cloud, name: str) -> str | None:
    """The queue's URL; None when there is no such queue."""
    try:
        return str(cloud.client("sqs").get_queue_url(QueueName=name)["QueueUrl"])
    except ClientError as error:
        if code_of(error) in MISSING:
            return None
        raise


def _dead_letters(queue: Queue, names: Names) -> dict[str, str]:
    source = names.queue_arn(names.settings.queue(queue.worker))
    allow = {"redrivePermission": "byQueue", "sourceQueueArns": [source]}
    return {
        "MessageRetentionPeriod": str(DEAD_LETTER_DAYS * DAY_S),
        "RedriveAllowPolicy": json.dumps(allow),
    }


def _queue(queue: Queue, names: Names) -> dict[str, str]:
    dead_letters = names.queue_arn(names.settings.dead_letter_queue(queue.worker))
    redrive = {"deadLetterTargetArn": dead_letters, "maxReceiveCount": queue.max_receive_count}
    policy = queue_policy(queue, names)
    return {
        "VisibilityTimeout": str(queue.visibility_timeout_s),
        "MessageRetentionPeriod": str(queue.retention_days * DAY_S),
        "ReceiveMessageWaitTimeSeconds": "20",
        "RedrivePolicy": json.dumps(redrive),
        "Policy": json.dumps(policy) if policy else "",
    }


def _provision(cloud: Cloud, name: str, wanted: dict[str, str]) -> Change:
    sqs = cloud.client("sqs")
    url = queue_url(cloud, name)
    if url is None:
        given = {key: value for key, value in wanted.items() if value}
        patiently(lambda: sqs.create_queue(QueueName=name, Attributes=given), DELETED_RECENTLY)
        return Change("queue", name, "created")
    changed = _differing(cloud, url, wanted)
    if changed:
        sqs.set_queue_attributes(QueueUrl=url, Attributes={key: wanted[key] for key in changed})
        if cloud.settings.endpoint:
            # A local SQS may drop an attribute that it does not know; nothing changed then.
            changed = [key for key in changed if key not in _differing(cloud, url, wanted)]
    return Change("queue", name, action(False, changed), ", ".join(changed))


def _differing(cloud: Cloud, url: str, wanted: dict[str, str]) -> list[str]:
    """The attributes that are not as wanted."""
    current = cloud.client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=["All"])["Attributes"]
    return [key for key, value in wanted.items() if parsed(current.get(key, "")) != parsed(value)]


def _delete(cloud: Cloud, name: str) -> bool:
    url = queue_url(cloud, name)
    if url is None:
        return False
    cloud.client("sqs").delete_queue(QueueUrl=url)
    return True
