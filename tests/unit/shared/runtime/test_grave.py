from __future__ import annotations

from datetime import UTC, datetime

import pytest

from schemas.envelope import Envelope
from schemas.event import Event
from schemas.events import PredictionsReady
from shared.errors import Retryable
from shared.runtime import grave
from shared.runtime.backoff import Backoff
from shared.runtime.deadletter import REASON, SWEPT
from shared.runtime.grave import QueueGraveyards
from shared.runtime.message import Attribute, Outgoing
from shared.settings import Settings
from shared.testing import FakeClock, FakeQueue, MemoryObjectStore


class World:
    """The scorer's queue and its dead-letter queue."""

    def __init__(self) -> None:
        self.clock, settings = FakeClock(), Settings()
        self.queue = FakeQueue(settings.queue("scorer"), self.clock)
        self.dead = FakeQueue(settings.dead_letter_queue("scorer"), self.clock)
        by_name = {queue.name: queue for queue in (self.queue, self.dead)}

        async def find(name: str) -> FakeQueue:
            return by_name[name]

        self.graveyards = QueueGraveyards(find, settings, MemoryObjectStore(), self.clock, Backoff(lambda: 0.5))

    def bury(self, run: str, shard: int = 0, **attributes: Attribute) -> None:
        event = PredictionsReady(run=run, arm="a", shard=shard)
        wrapped = Envelope.wrap(event, id=f"{run}-{shard}", source="/groundtune/inference", time=datetime.now(UTC))
        self.dead._add(Outgoing(wrapped.model_dump_json(), attributes))

    async def send_back(self, run: str = "mine") -> list[Event]:
        return await self.clock.run(self.graveyards.send_back_crashed("scorer", lambda e: getattr(e, "run", "") == run))


async def test_a_message_that_sqs_moved_goes_back_to_its_queue_with_a_mark() -> None:
    world = World()
    world.bury("mine", trace=Attribute("t"))
    assert await world.send_back() == [PredictionsReady(run="mine", arm="a", shard=0)]
    assert world.dead.bodies == []
    (entry,) = world.queue.entries.values()
    assert set(entry.message.attributes) == {"trace", SWEPT}


async def test_what_is_another_runs_or_has_a_reason_or_went_back_before_or_is_no_event_stays() -> None:
    world = World()
    world.bury("theirs")
    world.bury("mine", 1, **{REASON: Attribute("a bug")})
    world.bury("mine", 2, **{SWEPT: Attribute("1", "Number")})
    world.dead.put("no event")
    assert await world.send_back() == []
    assert world.dead.visible == len(world.dead.bodies) == 4
    assert world.queue.bodies == []


async def test_one_sweep_looks_at_so_many_and_no_more(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(grave, "SWEEP_LOOK", 3)
    world = World()
    for shard in range(5):
        world.bury("mine", shard)
    assert len(await world.send_back()) == 3
    assert len(await world.send_back()) == 2


async def test_a_give_back_that_fails_leaves_the_rest_to_the_end_of_the_hold() -> None:
    world = World()
    world.bury("theirs")

    def fail(operation: str) -> None:
        if operation == "change_visibility":
            raise Retryable("503")

    world.dead.before = fail
    assert await world.send_back() == []
    await world.clock.advance(grave.SWEEP_HOLD_S)
    assert world.dead.visible == 1
