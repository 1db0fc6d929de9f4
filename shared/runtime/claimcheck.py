"""Claim check: a body too big for its queue lies in S3, and a pointer to it travels.

Wire format of AWS's extended clients for Java and Python (amazon-sqs-extended-client), readable by both.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

from botocore.exceptions import ClientError

from schemas.base import content_hash
from shared.cloud_errors import code_of
from shared.errors import ObjectTooBig, Poison
from shared.runtime.message import Attribute, Message, Outgoing
from shared.store import keys
from shared.store.ports import ObjectStore

POINTER = "software.amazon.payloadoffloading.PayloadS3Pointer"
POINTERS = frozenset({POINTER, "com.amazon.sqs.javamessaging.MessageS3Pointer"})
SIZE_ATTRIBUTES = ("ExtendedPayloadSize", "SQSLargePayloadSize")
"""Either says that the body is a pointer. Written is the first name, with ``POINTER``; the older ones are read."""
THRESHOLD = 900_000
"""Bytes, below SQS's 1 MiB so that attributes fit beside the body."""
LIMIT = 64 * 1024 * 1024
"""Bytes of an object that is read for a message. S3 keeps objects of 50 TB, and the clients that write pointers know no
limit: one message would fill this process's memory. An event is names and numbers; what is big, it names by its key."""
MAX_KEY = 1_024
"""Bytes of an object's key (S3 user guide)."""


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
    """The message's body, fetched from S3 when a pointer came.

    Raises Poison when the pointer leads nowhere, or to what no event can be, and Retryable or CloudError as S3 does.
    """
    if not any(name in message.attributes for name in SIZE_ATTRIBUTES):
        return message.body
    bucket, key = _pointer(message.body)
    if bucket != objects.bucket:
        # whoever may send to the queue must not make us read whatever our role can read
        raise Poison(f"the claim check points to bucket {bucket}; only {objects.bucket} is read")
    there = f"s3://{bucket}/{key}"
    try:
        return (await objects.get(key, limit=LIMIT)).decode()
    except KeyError:
        raise Poison(f"the claim check points to {there}, which does not exist") from None
    except ObjectTooBig as error:
        raise Poison(f"the claim check's object {there} has {error.size:,} bytes; {LIMIT:,} are read") from None
    except UnicodeDecodeError:
        raise Poison(f"the claim check's object {there} is not UTF-8 text") from None
    except ClientError as error:
        # what passes, and what a person must mend, comes as errors of ours
        said = error.response.get("Error", {}).get("Message", "")
        raise Poison(f"the claim check's object {there} cannot be read ({code_of(error)}: {said})") from None


def _pointer(body: str) -> tuple[str, str]:
    try:
        kind, where = json.loads(body)
        bucket, key = where["s3BucketName"], where["s3Key"]
        size = len(key.encode())
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
        raise Poison("the message says that its body is in S3, but carries no readable pointer") from None
    if not _texts(kind, bucket, key) or kind not in POINTERS:
        raise Poison(f"the claim check has an unknown form ({str(kind)[:80]})")
    if not 0 < size <= MAX_KEY:
        raise Poison(f"the claim check's key has {size:,} bytes; those of S3 have 1 to {MAX_KEY:,}")
    return bucket, key


def _texts(*values: Any) -> bool:
    return all(isinstance(value, str) for value in values)
