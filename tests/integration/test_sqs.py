"""The queue through the lean client, on each local cloud."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest

from schemas.events import PredictionsReady
from shared.errors import CloudError, NotProvisioned
from shared.runtime.connection import Connection, connect_settling
from shared.runtime.message import Attribute, Outgoing
from shared.runtime.publish import publish
from shared.runtime.queue import Backlog
from shared.runtime.sqs import SqsQueue
from shared.settings import Settings
from shared.topology import Topology

pytestmark = pytest.mark.cloud

TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


@pytest.fixture
async def queue(connection: Connection, settings: Settings) -> SqsQueue:
    return await connection.queue(settings.queue("scorer"))


async def test_a_message_comes_as_it_was_sent(queue: SqsQueue) -> None:
    began = time.time()
    attributes = {"traceparent": Attribute(TRACEPARENT), "n": Attribute("3", "Number")}
    assert await queue.send([Outgoing('{"a":"한 <글> 😀"}', attributes, group="corpus-a")]) == [None]
    (message,) = await queue.receive(10, 5, 30)
    assert message.body == '{"a":"한 <글> 😀"}' and message.attributes == attributes
    assert message.group == "corpus-a" and message.receive_count == 1
    # clocks of two processes, one of which counts in milliseconds
    assert message.sent_at is not None and abs(message.sent_at - began) < 60


async def test_aws_carries_the_trace_on_to_who_reads_no_attributes_of_ours(
    connection: Connection, queue: SqsQueue
) -> None:
    header = {"StringValue": "Root=1-4bf92f35-77b34da6a3ce929d0e0e4736;Parent=00f067aa0ba902b7;Sampled=1"}
    system = {"AWSTraceHeader": {**header, "DataType": "String"}}
    sent = {"QueueUrl": queue.url, "MessageBody": "b", "MessageSystemAttributes": system}
    await connection.sqs.send.call("SendMessage", sent)
    (message,) = await queue.receive(10, 5, 30)
    assert message.attributes == {"traceparent": Attribute(TRACEPARENT)}


async def test_the_backlog_counts_what_waits_is_held_and_is_not_due(queue: SqsQueue) -> None:
    await queue.send([Outgoing("a"), Outgoing("b"), Outgoing("late", delay_s=900)])
    (held,) = await queue.receive(1, 5, 30)
    assert await queue.backlog() == Backlog(visible=1, in_flight=1, delayed=1)
    assert await queue.change_visibility([(held.receipt, 0)]) == [None]
    assert await queue.backlog() == Backlog(visible=2, in_flight=0, delayed=1)
    assert await queue.delete([held.receipt]) == [None]


async def test_entries_are_refused_one_by_one(queue: SqsQueue) -> None:
    await queue.send([Outgoing("a")])
    (held,) = await queue.receive(1, 5, 30)
    good, bad = await queue.change_visibility([(held.receipt, 60), ("no such receipt", 60)])
    assert good is None and bad is not None and bad.code


async def test_requests_are_told_with_what_they_bill(connection: Connection, settings: Settings) -> None:
    billed: Counter[str] = Counter()

    def told(operation: str, units: int) -> None:
        billed[operation] += units

    queue = await connection.queue(settings.queue("scorer"), told)
    await queue.send([Outgoing("x" * 70_000), Outgoing("y" * 70_000)])
    await queue.receive(1, 5, 30)
    await queue.backlog()
    assert billed == {"send": 3, "receive": 2, "attributes": 1}


async def test_a_queue_that_is_gone_is_named(connection: Connection, queue: SqsQueue) -> None:
    await connection.sqs.send.call("DeleteQueue", {"QueueUrl": queue.url})
    for call in (queue.receive(1, 0, 30), queue.send([Outgoing("a")]), queue.delete(["r"]), queue.backlog()):
        with pytest.raises(NotProvisioned, match=queue.name):
            await call


async def test_an_event_for_a_fair_queue_arrives_in_the_group_of_its_run(
    connection: Connection, topology: Topology, queue: SqsQueue
) -> None:
    fair = tuple(one.model_copy(update={"fair": True}) for one in topology.queues)
    event = PredictionsReady(run="r 1", arm="a", shard=0)
    await publish(connection, topology.model_copy(update={"queues": fair}), [event], source="test")
    (message,) = await queue.receive(1, 5, 30)
    assert message.group == "r%201"


async def test_another_thread_settles_and_renews_while_this_loop_stands_still(
    connection: Connection, settings: Settings, queue: SqsQueue
) -> None:
    await queue.send([Outgoing("a"), Outgoing("b")])
    messages = [message for _ in range(2) for message in await queue.receive(1, 5, 30)]
    await connection.table.put({"pk": "lease", "sk": "a", "until": 1})

    async def renewed() -> bool:
        async with connect_settling(settings) as other:
            by_name, by_url = await other.queue(queue.name), await other.queue(queue.url)
            assert (by_name.url, by_url.name) == (queue.url, queue.name)
            assert await by_name.change_visibility([(one.receipt, 60) for one in messages]) == [None, None]
            assert await by_url.delete([messages[0].receipt]) == [None]
            return await other.table.update("lease", "a", {"until": 2}, expected={"until": 1})

    with ThreadPoolExecutor(1) as thread:
        # ``result`` blocks this loop, as a handler that computes does
        assert thread.submit(asyncio.run, renewed()).result(30)
    assert (await connection.table.get("lease", "a") or {})["until"] == 2
    assert await queue.backlog() == Backlog(visible=0, in_flight=1, delayed=0)


async def test_who_settles_is_told_of_a_queue_that_is_missing(settings: Settings) -> None:
    async with connect_settling(settings) as other:
        with pytest.raises(NotProvisioned, match="groundtune provision"):
            await other.queue(settings.queue("scorer"))


async def test_credentials_that_are_missing_are_a_matter_for_a_person(
    settings: Settings, queue: SqsQueue, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    async with connect_settling(settings) as other:
        with pytest.raises(CloudError, match="credentials"):
            await (await other.queue(queue.url)).delete(["r"])
