"""A message's body as events: our envelope, S3's notifications, EventBridge's and SNS's wrappings of both.

A body may hold several events (an S3 notification with several records); each is one Decoded or one Undecodable, so
that one bad record does not fail its neighbours. What needs no work (``s3:TestEvent``) decodes to nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from schemas.envelope import Envelope, UnknownEventType, payload_hash
from schemas.event import Event, event_id
from schemas.events import JobStateChanged, event_types
from shared.nearest import nearest
from shared.runtime import s3_events
from shared.runtime.s3_events import BadRecord

JOB_STATE, BATCH_STATE = "Model Customization Job State Change", "Batch Inference Job State Change"
_STATE_FIELDS = {
    JOB_STATE: ("jobArn", "jobName", "jobStatus"),
    BATCH_STATE: ("batchJobArn", "batchJobName", "status"),
}
"""What Bedrock's state changes must say; the status has another name in each."""
MAX_ID = 1_024
"""Bytes of an event's id: DynamoDB takes keys of 2,048, and ours hold more than the id."""


@dataclass(frozen=True)
class Decoded:
    """One event. ``body`` is a message body that holds just this event, for the dead-letter queue."""

    id: str
    event: Event
    payload_hash: str
    body: str


@dataclass(frozen=True)
class Undecodable:
    """Poison: ``reason`` says what is wrong; ``id`` is the event's where the envelope could be read."""

    reason: str
    body: str
    id: str | None = None


Item = Decoded | Undecodable


def decode(body: str) -> list[Item]:
    """The events of a message body, in its order."""
    found = _quickly(body)
    return _closely(body) if found is None else [found]


def _quickly(body: str) -> Decoded | None:
    """The usual case, an envelope of ours without a mistake, in one pass; None for whatever else there may be."""
    if '"specversion"' not in body:
        return None
    try:
        envelope = Envelope.model_validate_json(body)
        return _read(envelope, body) if "specversion" in envelope.model_fields_set else None
    except ValueError:
        return None


def _closely(body: str) -> list[Item]:
    try:
        content = json.loads(body)
    except (ValueError, RecursionError) as error:
        return [Undecodable(f"the body is not JSON ({error})", body)]
    if not isinstance(content, dict):
        return [Undecodable(f"the body is a JSON {type(content).__name__}, not an object", body)]
    try:
        return _decode(content, body)
    except ValidationError as error:
        return [Undecodable(_first_mistake(error), body)]
    except (ValueError, RecursionError) as error:
        return [Undecodable(f"the body holds what no record can ({error})", body)]


def _decode(content: Mapping[str, Any], body: str) -> list[Item]:
    if "specversion" in content:
        return [_from_envelope(content, body)]
    if content.get("Event") == "s3:TestEvent":
        return []
    if isinstance(content.get("Records"), list):
        return [item for record in content["Records"] for item in _from_record(record)]
    if "detail-type" in content and isinstance(content.get("detail"), dict):
        return _from_bridge(content, body)
    if content.get("Type") == "Notification" and isinstance(content.get("Message"), str):
        return decode(content["Message"])
    return [Undecodable(f"the body is no event that we know (its keys: {', '.join(sorted(content))[:200]})", body)]


def _from_envelope(content: Mapping[str, Any], body: str) -> Item:
    envelope = Envelope.model_validate(content)
    try:
        return _read(envelope, body)
    except UnknownEventType:
        return Undecodable(_unknown(envelope.type), body, envelope.id)
    except ValidationError as error:
        return Undecodable(_first_mistake(error), body, envelope.id)


def _unknown(event_type: str) -> str:
    """Why no event is of this type: its version, or all of it."""
    stem, _, version = event_type.rpartition(".")
    versions = [known.rpartition(".")[2] for known in event_types() if known.rpartition(".")[0] == stem]
    if not versions:
        return f"unknown event type {event_type[:200]!r}{nearest(event_type[:200], event_types())}"
    known = ", ".join(sorted(versions))
    remedy = f"send that, or update the worker to a release that knows {version[:20]} and redrive the message"
    return f"version {version[:20]} of {stem} is not known; this worker takes {known}: {remedy}"


def _read(envelope: Envelope, body: str) -> Decoded:
    size = len(envelope.id.encode())  # JSON can say half of a surrogate pair; a key of a table cannot
    if not 0 < size <= MAX_ID:
        raise ValueError(f"the event's id has {size:,} bytes; 1 to {MAX_ID:,} are taken")
    return Decoded(envelope.id, envelope.event(), envelope.payload_hash(), body)


def _from_record(record: Any) -> list[Item]:
    alone = json.dumps({"Records": [record]})
    try:
        found = s3_events.from_record(record)
        return [] if found is None else [_decoded(*found, alone)]
    except (BadRecord, UnicodeEncodeError) as error:
        return [Undecodable(str(error), alone)]


def _from_bridge(content: Mapping[str, Any], body: str) -> list[Item]:
    detail, kind = content["detail"], content["detail-type"]
    if "specversion" in detail:
        return [_from_envelope(detail, body)]
    if isinstance(kind, str) and kind in _STATE_FIELDS:
        return _from_state_change(kind, detail, body)
    try:
        found = s3_events.from_bridge(content)
    except BadRecord as error:
        return [Undecodable(str(error), body)]
    return [] if found is None else [_decoded(*found, body)]


def _from_state_change(kind: str, detail: Mapping[str, Any], body: str) -> list[Item]:
    """A batch job's change tells nobody anything: who waits for one looks at it, by a queue of its own."""
    fields = _STATE_FIELDS[kind]
    missing = [name for name in fields if not isinstance(detail.get(name), str)]
    if missing:
        return [Undecodable(f"the job state event lacks {', '.join(missing)}", body)]
    if kind == BATCH_STATE:
        return []
    arn, name, status = (detail[field] for field in fields)
    event = JobStateChanged(job_arn=arn, job_name=name, status=status)
    return [_decoded(event_id(event, cause="", ordinal=0), event, body)]


def _decoded(id: str, event: Event, body: str) -> Decoded:
    return Decoded(id, event, payload_hash(event.type, event.model_dump(mode="json")), body)


def _first_mistake(error: ValidationError) -> str:
    mistake = error.errors()[0]
    return f"{error.title}: {'.'.join(str(part) for part in mistake['loc'])}: {mistake['msg']}"
