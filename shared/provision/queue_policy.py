"""Who else may send to a queue: S3 for the inbox, EventBridge for job states."""

from __future__ import annotations

from typing import Any

from shared.provision.cloud import Names
from shared.topology import Queue


def queue_policy(queue: Queue, names: Names) -> dict[str, Any] | None:
    """The queue's resource policy; None when only the account itself sends to it.

    Source and account are both named, so that nobody else's bucket can send (the confused deputy problem).
    """
    arn = names.queue_arn(names.settings.queue(queue.worker))
    statements = []
    if queue.s3_notifications:
        account = {"StringEquals": {"aws:SourceAccount": names.account}}
        statements.append(_allow("Inbox", "s3.amazonaws.com", arn, names.bucket_arn, account))
    if queue.job_state_events:
        statements.append(_allow("JobStates", "events.amazonaws.com", arn, names.rule_arn, {}))
    return {"Version": "2012-10-17", "Statement": statements} if statements else None


def _allow(sid: str, service: str, queue: str, source: str, condition: dict[str, Any]) -> dict[str, Any]:
    return {
        "Sid": sid,
        "Effect": "Allow",
        "Principal": {"Service": service},
        "Action": "sqs:SendMessage",
        "Resource": queue,
        "Condition": {"ArnLike": {"aws:SourceArn": source}, **condition},
    }
