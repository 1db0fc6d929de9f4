"""Each kind of bad message: its log line, where it ends, and what becomes of its neighbours."""

from __future__ import annotations

import json
from collections.abc import Mapping

import pytest
import structlog

from schemas.events import RunScored
from shared.errors import Retryable
from shared.runtime.billing import MAX_BYTES
from shared.runtime.claimcheck import LIMIT, POINTER, checked_out
from shared.runtime.deadletter import REASON
from shared.runtime.message import MAX_ATTRIBUTES, Attribute, Message, Outgoing
from shared.runtime.outbox import NOT_BEFORE
from shared.testing import MemoryObjectStore
from tests.unit.shared.runtime.world import EVENT, World, enveloped

HUGE = bytes(LIMIT + 1)
SIZE = {"ExtendedPayloadSize": Attribute("1", "Number")}


def pointing(key: str, bucket: str = "groundtune-test", more: Mapping[str, Attribute] | None = None) -> Outgoing:
    """A message whose body is said to lie in S3."""
    return Outgoing(json.dumps([POINTER, {"s3BucketName": bucket, "s3Key": key}]), {**(more or {}), **SIZE})


async def lived_through(world: World, *messages: Outgoing) -> list[str]:
    """Reasons that the log gives, one a line, for messages that came together with a good one."""
    await world.queue.send([*messages, Outgoing(enveloped(EVENT, "good"))])
    ids = list(world.queue.entries)
    with structlog.testing.capture_logs() as records:
        await world.live(60)
    poisoned = [record for record in records if record["event"] == "message.poison"]
    assert [record["message_id"] for record in poisoned] == ids[: len(messages)]
    assert all(record["log_level"] == "error" for record in poisoned)
    return [str(record["reason"]) for record in poisoned]


BAD = {
    "undecodable": (Outgoing("{"), "the body is not JSON"),
    "nested without end": (Outgoing("[" * 100_000), "the body is not JSON"),
    "no event": (Outgoing("{}"), "no event that we know"),
    "unknown type": (Outgoing(enveloped(EVENT, "x", type="a.b.v1")), "unknown event type 'a.b.v1'"),
    "unknown version": (
        Outgoing(enveloped(EVENT, "x", type="groundtune.model.ready.v2")),
        "version v2 of groundtune.model.ready is not known; this worker takes v1",
    ),
    "not for this worker": (
        Outgoing(enveloped(RunScored(run="r", status="completed"), "x")),
        "groundtune.run.scored.v1 are not for inference, which takes groundtune.model.ready.v1, groundtune.inference.",
    ),
    "oversized claim check": (pointing("huge"), f"s3://groundtune-test/huge has {LIMIT + 1:,} bytes"),
    "pointer to nothing": (pointing("gone"), "s3://groundtune-test/gone, which does not exist"),
    "pointer to another bucket": (pointing("k", bucket="theirs"), "only groundtune-test is read"),
}


@pytest.mark.parametrize("kind", BAD)
async def test_a_bad_message_is_one_log_line_and_one_dead_letter_with_the_reason(kind: str) -> None:
    message, expected = BAD[kind]
    world = World()
    world.objects.contents["groundtune-test", "huge"] = HUGE, {}
    (reason,) = await lived_through(world, message)
    (entry,) = world.dead.entries.values()
    assert expected in reason and entry.message.attributes[REASON].value == reason
    assert entry.message.body == message.body and message.attributes.items() <= entry.message.attributes.items()
    assert world.handled == [("good", 1)] and world.queue.entries == {}


async def test_the_log_names_the_event_where_the_envelope_could_be_read() -> None:
    world = World()
    world.queue.put(enveloped(EVENT, "some-id", type="groundtune.model.ready.v2"))
    with structlog.testing.capture_logs() as records:
        await world.live(5)
    assert [record["event_id"] for record in records if record["event"] == "message.poison"] == ["some-id"]


async def test_a_claim_check_that_s3_fails_to_give_comes_again_and_is_no_poison() -> None:
    class Stumbling(MemoryObjectStore):
        failures = 3

        async def get(self, key: str, *, bucket: str | None = None, limit: int | None = None) -> bytes:
            if self.failures:
                self.failures -= 1
                raise Retryable("bucket groundtune-test: the service failed (InternalError)")
            return await super().get(key, bucket=bucket, limit=limit)

    world = World()
    world.objects = Stumbling()
    await world.objects.put("k", enveloped(EVENT, "event-1").encode())
    await world.queue.send([pointing("k")])
    with structlog.testing.capture_logs() as records:
        await world.live(120)
    failed = [record for record in records if record["event"] == "message.failed"]
    assert len(failed) == 3 and all("InternalError" in record["error"] for record in failed)
    assert world.handled == [("event-1", 1)]
    assert world.dead.entries == {} and world.queue.entries == {}


async def test_a_body_that_fills_a_message_is_dead_lettered_by_claim_check() -> None:
    world = World()
    body = "x" * MAX_BYTES
    world.queue.put(body)
    await world.live(60)
    (entry,) = world.dead.entries.values()
    assert "not JSON" in entry.message.attributes[REASON].value and world.queue.entries == {}
    dead = Message("id", "receipt", entry.message.body, 0.0, attributes=entry.message.attributes)
    assert await checked_out(dead, world.objects) == body


async def test_a_dead_pointer_stays_one_however_many_attributes_it_has() -> None:
    world = World()
    many = {f"a{number}": Attribute("v") for number in range(MAX_ATTRIBUTES - 1)}
    await lived_through(world, pointing("gone", more=many))
    (entry,) = world.dead.entries.values()
    assert len(entry.message.attributes) == MAX_ATTRIBUTES
    assert SIZE.items() <= entry.message.attributes.items()


@pytest.mark.parametrize("when", ["soon", "nan", "inf", "-inf", ""])
async def test_a_time_that_is_none_delays_no_message(when: str) -> None:
    world = World()
    await world.queue.send([Outgoing(enveloped(EVENT, "event-1"), {NOT_BEFORE: Attribute(when, "Number")})])
    await world.live(5)
    assert world.handled == [("event-1", 1)] and world.queue.entries == {}
