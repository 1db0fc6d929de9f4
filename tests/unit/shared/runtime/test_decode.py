from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.events import DocumentSubmitted, JobStateChanged
from shared.runtime.decode import Decoded, Undecodable, decode
from tests.recorded_events import recorded_event
from tests.unit.shared.runtime.world import EVENT, enveloped

PUBLISHED = Path(__file__).parents[5] / "shared" / "data" / "events"


def published(name: str) -> Any:
    found = sorted(PUBLISHED.glob(f"**/{name}"))
    if not found:
        pytest.skip(f"the published events are not at {PUBLISHED}")
    return json.loads(found[0].read_text())


def s3_record(key: str = "inbox/demo/a.md", **changes: Any) -> dict[str, Any]:
    entry = {"key": key, "eTag": "e1", "sequencer": "01"}
    record = {"eventName": "ObjectCreated:Put", "s3": {"bucket": {"name": "b"}, "object": entry}}
    return {**record, **changes}


def notification(*records: Any) -> str:
    return json.dumps({"Records": list(records)})


def only(body: str) -> Decoded:
    (item,) = decode(body)
    assert isinstance(item, Decoded), item
    return item


def reason(body: str) -> str:
    (item,) = decode(body)
    assert isinstance(item, Undecodable), item
    return item.reason


def test_an_envelope_is_its_event_under_its_id() -> None:
    item = only(enveloped(EVENT, "some-id"))
    assert (item.id, item.event) == ("some-id", EVENT)


def test_a_notification_is_one_submission_per_record() -> None:
    items = decode(notification(s3_record("inbox/demo/a.md"), s3_record("inbox/other/b.md")))
    found = [item.event for item in items if isinstance(item, Decoded)]
    assert [event.corpus for event in found if isinstance(event, DocumentSubmitted)] == ["demo", "other"]


@pytest.mark.parametrize(
    ("wire", "key"),
    [
        ("inbox/demo/red+flower.jpg", "inbox/demo/red flower.jpg"),
        ("inbox%2Fdemo%2Fa%2Bb.md", "inbox/demo/a+b.md"),
        ("inbox/demo/%ED%95%9C%EA%B8%80+%5B1%5D.docx", "inbox/demo/한글 [1].docx"),
    ],
)
def test_keys_of_notifications_are_form_decoded(wire: str, key: str) -> None:
    event = only(notification(s3_record(wire))).event
    assert isinstance(event, DocumentSubmitted) and event.key == key


def test_a_notification_direct_by_sns_and_repeated_is_one_event() -> None:
    direct = notification(s3_record())
    by_sns = json.dumps({"Type": "Notification", "TopicArn": "t", "Message": direct})
    assert only(direct).id == only(by_sns).id == only(direct).id
    assert only(direct).payload_hash == only(by_sns).payload_hash


def test_another_version_of_an_object_is_another_event() -> None:
    newer = s3_record()
    newer["s3"] = {"bucket": {"name": "b"}, "object": {"key": "inbox/demo/a.md", "eTag": "e1", "sequencer": "02"}}
    assert only(notification(s3_record())).id != only(notification(newer)).id


def test_one_bad_record_does_not_fail_its_neighbours() -> None:
    good, bad = decode(notification(s3_record(), s3_record(eventName="ObjectRemoved:Delete")))
    assert isinstance(good, Decoded) and isinstance(bad, Undecodable)
    assert "ObjectRemoved:Delete" in bad.reason
    assert json.loads(bad.body)["Records"][0]["eventName"] == "ObjectRemoved:Delete"


def test_a_record_of_wrong_types_does_not_fail_its_neighbours() -> None:
    broken = s3_record()
    broken["s3"] = {"bucket": {"name": "b"}, "object": {"key": "inbox/demo/a.md", "eTag": 17}}
    bad, good = decode(notification(broken, s3_record()))
    assert isinstance(good, Decoded) and isinstance(bad, Undecodable) and "etag" in bad.reason


def test_folder_markers_need_no_work() -> None:
    assert decode(notification(s3_record("inbox/demo/"), s3_record("inbox/demo/sub/"))) == []


def test_our_event_through_the_bus_is_the_same_event() -> None:
    detail = json.loads(enveloped(EVENT, "some-id"))
    item = only(json.dumps({"detail-type": detail["type"], "source": "groundtune", "detail": detail}))
    assert (item.id, item.event) == ("some-id", EVENT)


def test_a_job_state_event_that_aws_sent_is_one_of_ours() -> None:
    recorded = recorded_event("model_customization")
    event = only(json.dumps(recorded)).event
    assert isinstance(event, JobStateChanged)
    assert (event.job_arn, event.status) == (recorded["detail"]["jobArn"], "Failed")


@pytest.mark.parametrize(
    ("body", "said"),
    [
        ("no json", "not JSON"),
        ("[1]", "list"),
        ("{}", "no event that we know"),
        ('{"a": 1, "b": 2}', "a, b"),
        (enveloped(EVENT, "x", type="groundtune.modle.ready.v1"), "did you mean 'groundtune.model.ready.v1'"),
        (enveloped(EVENT, ""), "the event's id has 0 bytes"),
        (enveloped(EVENT, "한" * 342), "1,026 bytes; 1 to 1,024 are taken"),
        (enveloped(EVENT, "x", data={"run": "r"}), "arm"),
        (notification(s3_record("elsewhere/a.md")), "elsewhere/a.md"),
        (notification(17), "no S3 notification"),
        (notification({"eventName": "ObjectCreated:Put", "s3": {}}), "no bucket"),
        ('{"detail-type": "Weather", "source": "sky", "detail": {}}', "Weather"),
        ('{"detail-type": "Model Customization Job State Change", "detail": {"jobArn": "a"}}', "jobName, jobStatus"),
    ],
)
def test_anything_else_is_poison_that_names_what_is_wrong(body: str, said: str) -> None:
    assert said in reason(body)


@pytest.mark.parametrize("where", ["id", "data"])
def test_half_of_a_surrogate_pair_is_poison_since_no_record_can_hold_it(where: str) -> None:
    envelope = json.loads(enveloped(EVENT, "some-id"))
    envelope[where] = "\ud800" if where == "id" else {**envelope["data"], "more": "\ud800"}
    assert "surrogates" in reason(json.dumps(envelope))


def test_half_a_surrogate_pair_in_one_record_does_not_fail_its_neighbours() -> None:
    broken = s3_record()
    broken["s3"]["object"]["versionId"] = "\ud800"
    bad, good = decode(notification(broken, s3_record()))
    assert isinstance(good, Decoded) and isinstance(bad, Undecodable) and "surrogates" in bad.reason


def test_nesting_without_end_is_poison() -> None:
    assert "not JSON" in reason("[" * 100_000)
    assert "not JSON" in reason('{"specversion": ' + "[" * 100_000)


def test_an_envelope_without_its_version_is_none() -> None:
    envelope = json.loads(enveloped(EVENT, "some-id", subject='"specversion"'))
    del envelope["specversion"]
    assert "no event that we know" in reason(json.dumps(envelope))


def test_an_unknown_version_of_a_known_type_is_told_with_the_known_ones_and_the_remedy() -> None:
    (item,) = decode(enveloped(EVENT, "some-id", type="groundtune.model.ready.v2"))
    assert isinstance(item, Undecodable) and item.id == "some-id"
    assert item.reason.startswith("version v2 of groundtune.model.ready is not known; this worker takes v1: ")
    assert "update the worker" in item.reason and "redrive" in item.reason


def test_an_event_with_mistakes_is_known_by_its_id() -> None:
    (item,) = decode(enveloped(EVENT, "some-id", data={"run": "r"}))
    assert isinstance(item, Undecodable) and item.id == "some-id"


def test_what_is_nested_as_deep_as_python_reads_is_decoded_or_refused() -> None:
    for depth in range(900, 1_000, 5):
        deep = "[" * depth + "]" * depth
        (item,) = decode(enveloped(EVENT, "x").replace('"run"', f'"more":{deep},"run"'))
        assert isinstance(item, Decoded) or "recursion" in item.reason


SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(exclude_categories=()))
CONTENT = st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=8)


@given(st.dictionaries(st.text(), CONTENT), st.sampled_from(["id", "time", "data", "type", "traceparent"]), CONTENT)
def test_an_envelope_is_the_same_event_whether_it_comes_directly_or_inside_of_another(
    more: dict[str, Any], field: str, value: Any
) -> None:
    """Direct ones are read in one pass by another parser: it must never see what the other does not."""
    whole = json.loads(enveloped(EVENT, "some-id"))
    whole["data"].update({name: inner for name, inner in more.items() if name not in whole["data"]})
    for envelope in (whole, {**whole, field: value}):
        [direct] = decode(json.dumps(envelope))
        [inside] = decode(json.dumps({"detail-type": "t", "detail": envelope}))
        assert replace(direct, body="") == replace(inside, body="")


@given(st.recursive(SCALARS, lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)))
def test_no_json_whatsoever_raises(value: Any) -> None:
    decode(json.dumps(value))
    decode(json.dumps({"Records": [value]}))
    decode(json.dumps({"detail-type": value, "detail": {"bucket": value, "object": value}, "source": "aws.s3"}))


def test_the_published_test_event_needs_no_work() -> None:
    assert decode(json.dumps(published("s3_test_event.json"))) == []


@pytest.mark.parametrize(
    "name", ["s3Event.json", "s3EventGlacier.json", "s3EventDecodedKey.json", "s3-event.json", "S3Put.json"]
)
def test_published_notifications_decode(name: str) -> None:
    records = published(name)["Records"]
    for record in records:
        record["s3"]["object"]["key"] = "inbox/demo/" + record["s3"]["object"]["key"]
    items = decode(json.dumps({"Records": records}))
    assert len(items) == len(records) and all(isinstance(item, Decoded) for item in items)


def test_a_published_notification_inside_sqs_decodes() -> None:
    body = json.loads(published("s3SqsEvent.json")["Records"][0]["body"])
    body["Records"][0]["s3"]["object"]["key"] = "inbox/demo/test.pdf"
    assert isinstance(only(json.dumps(body)).event, DocumentSubmitted)


def test_a_published_eventbridge_notification_decodes_with_its_raw_key() -> None:
    event = published("s3EventBridgeNotificationObjectCreatedEvent.json")
    event["detail"]["object"]["key"] = "inbox/demo/a+b.md"
    found = only(json.dumps(event)).event
    assert isinstance(found, DocumentSubmitted) and found.key == "inbox/demo/a+b.md"


@pytest.mark.parametrize("name", ["s3EventDeleteObject.json", "s3EventBridgeNotificationObjectDeletedEvent.json"])
def test_published_deletions_are_refused_with_a_reason(name: str) -> None:
    assert "Delete" in reason(json.dumps(published(name)))


def test_the_published_job_state_event_decodes() -> None:
    item = only(json.dumps(published("eventbridge_model_customization_job.json")))
    assert isinstance(item.event, JobStateChanged)
    assert (item.event.status, item.event.job_name) == ("Failed", "abcd-wxyz")


def test_the_published_batch_job_event_is_taken_and_tells_nobody_anything() -> None:
    assert decode(json.dumps(published("eventbridge_batch_inference_job.json"))) == []


@pytest.mark.parametrize(
    ("name", "status"),
    [("eventbridge_model_customization_job.json", "jobStatus"), ("eventbridge_batch_inference_job.json", "status")],
)
def test_a_state_change_without_its_status_is_refused_by_the_name_that_it_has_there(name: str, status: str) -> None:
    event = published(name)
    del event["detail"][status]
    assert reason(json.dumps(event)) == f"the job state event lacks {status}"
