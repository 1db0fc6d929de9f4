from __future__ import annotations

import pytest

from schemas.event import Event
from schemas.events import DocumentSubmitted, PredictionsReady
from shared.runtime.backoff import Backoff
from shared.runtime.claimcheck import THRESHOLD
from shared.runtime.outbox import Outbox
from shared.testing import FakeBus, FakeClock, FakeQueue, MemoryObjectStore
from shared.topology import load_topology


async def received_group(event: Event, *, fair: bool) -> str | None:
    """The group of the one message that an event becomes."""
    loaded, clock = load_topology(None), FakeClock()
    changed = tuple(queue.model_copy(update={"fair": fair}) for queue in loaded.queues)
    topology = loaded.model_copy(update={"queues": changed})
    queues = {queue.worker: FakeQueue(queue.worker, clock) for queue in topology.queues}
    backoff = Backoff(lambda: 0.5)
    outbox = Outbox("test", topology, queues, FakeBus(), MemoryObjectStore(), clock, backoff)
    await outbox.publish(outbox.prepare("cause", [event]))
    consumer = topology.consumer_of(event.type)
    assert consumer is not None
    (message,) = await queues[consumer.worker].receive(1, 0, 30)
    return message.group


@pytest.mark.parametrize(
    ("event", "group"),
    [
        (DocumentSubmitted(corpus="telco", bucket="b", key="k"), "telco"),
        (DocumentSubmitted(corpus="telco", bucket="b", key="k" * (THRESHOLD + 1)), "telco"),
        (PredictionsReady(run="r1", arm="a", shard=0), "r1"),
    ],
)
async def test_a_fair_queue_is_told_whose_each_event_is(event: Event, group: str) -> None:
    assert await received_group(event, fair=True) == group


async def test_other_queues_are_not() -> None:
    assert await received_group(DocumentSubmitted(corpus="telco", bucket="b", key="k"), fair=False) is None
