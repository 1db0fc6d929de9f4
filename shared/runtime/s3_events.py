"""S3's ObjectCreated notifications as DocumentSubmitted.

Facts (S3 user guide, "Event message structure" and "EventBridge event message structure"): a record's key is
form-encoded (a blank is ``+``); EventBridge's is not. Ids come from what names one object version, so that the same
notification delivered twice, or by two ways, is one event.
"""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote_plus

from pydantic import ValidationError

from schemas.base import canonical_json
from schemas.event import NAMESPACE
from schemas.events import DocumentSubmitted

INBOX = "inbox"


class BadRecord(Exception):
    """Raised when a record is not the creation of an inbox object; says why."""


def from_record(record: Any) -> tuple[str, DocumentSubmitted] | None:
    """Event id and event of one notification record; None for a folder marker. Raises BadRecord."""
    name = record.get("eventName") if isinstance(record, Mapping) else None
    if not isinstance(name, str) or "s3" not in record:
        raise BadRecord("the record is no S3 notification")
    if not name.removeprefix("s3:").startswith("ObjectCreated:"):
        raise BadRecord(f"S3 event {name} is not handled; only ObjectCreated events should be sent here")
    try:
        bucket, entry = record["s3"]["bucket"]["name"], record["s3"]["object"]
        return _submitted(bucket, unquote_plus(entry["key"]), entry.get("eTag"), entry, record.get("eventTime"))
    except (KeyError, TypeError, AttributeError):
        raise BadRecord("the S3 record names no bucket and object key") from None


def from_bridge(content: Mapping[str, Any]) -> tuple[str, DocumentSubmitted] | None:
    """The same for an EventBridge event."""
    kind = content["detail-type"]
    if content.get("source") != "aws.s3" or kind != "Object Created":
        raise BadRecord(f"EventBridge event {kind!r} of {content.get('source')} is not handled")
    try:
        bucket, entry = content["detail"]["bucket"]["name"], content["detail"]["object"]
        return _submitted(bucket, entry["key"], entry.get("etag"), entry, content.get("time"))
    except (KeyError, TypeError, AttributeError):
        raise BadRecord("the EventBridge event names no bucket and object key") from None


def _submitted(
    bucket: str, key: str, etag: str | None, entry: Mapping[str, Any], time: Any
) -> tuple[str, DocumentSubmitted] | None:
    folder, _, rest = key.partition("/")
    corpus, _, name = rest.partition("/")
    if folder != INBOX or not corpus:
        raise BadRecord(f"object key {key!r} is not of the form inbox/<corpus>/<name>")
    if not name or key.endswith("/"):
        return None  # consoles create an empty object for each folder that a person makes
    identity = ["s3", bucket, key, _version(entry), _order(entry, time), etag]
    try:
        event = DocumentSubmitted(corpus=corpus, bucket=bucket, key=key, etag=etag, sequencer=entry.get("sequencer"))
    except ValidationError as error:
        raise BadRecord(f"the record of {key!r} has a wrong {error.errors()[0]['loc'][0]}") from None
    return str(uuid.uuid5(NAMESPACE, canonical_json(identity))), event


def _order(entry: Mapping[str, Any], time: Any) -> Any:
    """The sequencer; imitations that send none, or always 0, tell an object written again by its time."""
    sequencer = entry.get("sequencer")
    return time if sequencer in (None, "", "0") else sequencer


def _version(entry: Mapping[str, Any]) -> Any:
    """Records say ``versionId``, EventBridge says ``version-id``."""
    return entry.get("versionId", entry.get("version-id"))
