from __future__ import annotations

import re
import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from schemas.base import canonical_json, content_hash
from schemas.envelope import Envelope, UnknownEventType, payload_hash
from schemas.event import NAMESPACE, event_id
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


SCALARS = st.none() | st.booleans() | st.integers() | st.text()
JSON = st.recursive(SCALARS | st.floats(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))


@given(st.text(), st.dictionaries(st.text(), SCALARS) | st.dictionaries(st.text(), JSON))
def test_the_payload_hash_is_that_of_the_canonical_json_however_it_is_written(kind: str, data: dict[str, Any]) -> None:
    assert payload_hash(kind, data) == content_hash([kind, data])


def test_every_character_that_json_escapes_or_not_hashes_alike() -> None:
    text = "".join(map(chr, [*range(0x300), 0x2028, 0xFFFE, 0x1F600]))
    assert payload_hash("t", {text: text}) == content_hash(["t", {text: text}])


@pytest.mark.parametrize(
    ("data", "kept"),
    [
        (
            {
                "corpus": "통신", "bucket": "b", "key": 'a "quoted" \\ key\n', "etag": "e", "chunking": "f",
                "document": "d", "chunks": 3,
            },
            "bf58bef81dbfad1d9d6b73b35f516a25758fc9dae50ebcc2c8435262bf729793",
        ),
        (
            {"b": 1.5, "a": [1e22, True, None, {"z": 1, "y": "é"}], "n": 10**30},
            "66315a3419874c30b9d79ec83e13ac3720af307b321b522b7cbc99e2e9d2ee39",
        ),
    ],
)  # fmt: skip
def test_hashes_that_older_versions_have_stored_are_still_found(data: dict[str, Any], kept: str) -> None:
    """Another hash of the same content would send every redelivery to the dead-letter queue as a conflict."""
    assert payload_hash("groundtune.document.ingested.v1", data) == kept


def test_ids_are_the_same_in_every_version() -> None:
    named, caused = ModelReady(run="r", arm="a", model="m"), ingested("통신")
    assert event_id(named, cause="cause", ordinal=0) == "f509b73c-f801-5b00-81f8-4e7df972776d"
    assert event_id(caused, cause="c", ordinal=2) == "abcf296d-b7a8-5d83-af70-c985cec80909"


@given(st.text(), st.integers(0))
def test_ids_are_uuids_of_version_5(cause: str, ordinal: int) -> None:
    name = canonical_json([cause, DocumentIngested.type, ordinal])
    assert event_id(ingested(), cause=cause, ordinal=ordinal) == str(uuid.uuid5(NAMESPACE, name))
