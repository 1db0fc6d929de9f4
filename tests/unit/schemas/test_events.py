from __future__ import annotations

import re
from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from schemas.envelope import Envelope, UnknownEventType
from schemas.event import event_id
from schemas.events import ComparisonDue, DocumentIngested, ModelReady, PredictionsReady, event_types
from shared.topology import load_topology

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def ingested(key: str = "inbox/c/a.md") -> DocumentIngested:
    return DocumentIngested(corpus="c", bucket="b", key=key, etag="e", document="d", chunking="f", chunks=3)


def test_every_event_type_names_its_version_and_is_in_the_topology() -> None:
    topology = load_topology()
    travelling = {name for queue in topology.queues for name in (*queue.consumes, *queue.emits)}
    assert set(event_types()) == travelling
    assert all(re.fullmatch(r"groundtune\.[a-z]+\.[a-z-]+\.v\d+", name) for name in event_types())


def test_ids_follow_from_cause_type_and_ordinal() -> None:
    first = event_id(ingested(), cause="cause", ordinal=0)
    assert first == event_id(ingested(), cause="cause", ordinal=0)
    assert first != event_id(ingested(), cause="cause", ordinal=1)
    assert first != event_id(ingested(), cause="other", ordinal=0)


def test_events_that_close_a_fan_in_are_named_by_what_they_say() -> None:
    assert event_id(ComparisonDue(run="r"), cause="a", ordinal=0) == event_id(
        ComparisonDue(run="r"), cause="b", ordinal=7
    )
    shards = {event_id(PredictionsReady(run="r", arm="a", shard=n), cause="c", ordinal=0) for n in range(3)}
    assert len(shards) == 3


def test_an_envelope_is_a_cloud_event_that_is_read_back() -> None:
    event = ModelReady(run="r", arm="a", model="m")
    envelope = Envelope.wrap(event, id="1", source="/groundtune/x", time=NOW, cause="0")
    wire = envelope.model_dump_json()
    assert Envelope.model_validate_json(wire).event() == event
    assert (envelope.specversion, envelope.subject, envelope.type) == (
        "1.0",
        "run/r/arm/a",
        "groundtune.model.ready.v1",
    )


def test_unknown_fields_are_ignored_and_missing_ones_rejected() -> None:
    envelope = Envelope.wrap(ModelReady(run="r", arm="a", model="m"), id="1", source="s", time=NOW)
    more = envelope.model_copy(update={"data": {**envelope.data, "from_the_future": 1}})
    assert more.event() == envelope.event()
    with pytest.raises(ValidationError):
        envelope.model_copy(update={"data": {"run": "r"}}).event()
    with pytest.raises(UnknownEventType):
        envelope.model_copy(update={"type": "groundtune.model.ready.v9"}).event()


def test_the_payload_hash_tells_other_content_under_the_same_id() -> None:
    one, other = (Envelope.wrap(ingested(key), id="1", source="s", time=NOW) for key in ("a", "b"))
    assert one.payload_hash() != other.payload_hash()
    later = one.model_copy(update={"time": datetime(2027, 1, 1, tzinfo=UTC)})
    assert one.payload_hash() == later.payload_hash()
