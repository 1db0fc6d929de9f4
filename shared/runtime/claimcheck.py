"""Claim check: a body too big for its queue lies in S3, and a pointer to it travels.

Wire format of AWS's extended clients for Java and Python (amazon-sqs-extended-client), readable by both.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from schemas.base import content_hash
from shared.errors import Poison
from shared.runtime.message import Attribute, Message, Outgoing
from shared.store import keys
from shared.store.ports import ObjectStore

POINTER = "software.amazon.payloadoffloading.PayloadS3Pointer"
POINTERS = frozenset({POINTER, "com.amazon.sqs.javamessaging.MessageS3Pointer"})
SIZE_ATTRIBUTES = ("ExtendedPayloadSize", "SQSLargePayloadSize")
"""Either says that the body is a pointer. Written is the first name, with ``POINTER``; the older ones are read."""
THRESHOLD = 900_000
"""Bytes, below SQS's 1 MiB so that attributes fit beside the body."""


async def checked_in(message: Outgoing, objects: ObjectStore) -> Outgoing:
    """The message, its body moved to S3 when it is too big."""
    size = len(message.body.encode())
    if size <= THRESHOLD:
        return message
    key = keys.claim_check(content_hash(message.body))
    await objects.put(key, message.body.encode(), content_type="application/json")
    pointer = json.dumps([POINTER, {"s3BucketName": objects.bucket, "s3Key": key}])
    attributes = {**message.attributes, SIZE_ATTRIBUTES[0]: Attribute(str(size), "Number")}
    return replace(message, body=pointer, attributes=attributes)


async def checked_out(message: Message, objects: ObjectStore) -> str:
    """The message's body, fetched from S3 when a pointer came. Raises Poison when the pointer leads nowhere."""
    if not any(name in message.attributes for name in SIZE_ATTRIBUTES):
        return message.body
    bucket, key = _pointer(message.body)
    if bucket != objects.bucket:
        # whoever may send to the queue must not make us read whatever our role can read
        raise Poison(f"the claim check points to bucket {bucket}; only {objects.bucket} is read")
    try:
        return (await objects.get(key)).decode()
    except KeyError:
        raise Poison(f"the claim check points to s3://{bucket}/{key}, which does not exist") from None
    except UnicodeDecodeError:
        raise Poison(f"the claim check's object s3://{bucket}/{key} is not UTF-8 text") from None


def _pointer(body: str) -> tuple[str, str]:
    try:
        kind, where = json.loads(body)
        bucket, key = where["s3BucketName"], where["s3Key"]
    except (ValueError, TypeError, KeyError):
        raise Poison("the message says that its body is in S3, but carries no readable pointer") from None
    if not _texts(kind, bucket, key) or kind not in POINTERS:
        raise Poison(f"the claim check has an unknown form ({str(kind)[:80]})")
    return bucket, key


def _texts(*values: Any) -> bool:
    return all(isinstance(value, str) for value in values)
