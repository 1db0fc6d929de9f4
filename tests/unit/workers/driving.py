"""A pipeline without queues: events go from worker to worker in any order that a seed decides."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

from schemas.event import Event, event_id
from shared.runtime.worker import Context, Delayed, Worker
from shared.topology import load_topology

TOPOLOGY = load_topology()


@dataclass
class Pipeline:
    """Delivers each event id once to its worker; ``twice`` delivers every event a second time, as SQS may."""

    workers: Sequence[Worker]
    rng: random.Random = field(default_factory=lambda: random.Random(0))
    twice: bool = False
    emitted: list[Event] = field(default_factory=list)

    async def run(self, *events: Event) -> None:
        """Delivers until nothing is left. Events that no worker here consumes are kept in ``emitted`` alone."""
        by_name = {worker.name: worker for worker in self.workers}
        waiting = [(f"start-{place}", event) for place, event in enumerate(events)]
        seen: set[str] = set()
        while waiting:
            id, event = waiting.pop(self.rng.randrange(len(waiting)))
            queue = TOPOLOGY.consumer_of(event.type)
            if id in seen or queue is None or queue.worker not in by_name:
                continue
            seen.add(id)
            for _ in range(2 if self.twice else 1):
                produced = await by_name[queue.worker].handle(event, context(id))
            for ordinal, entry in enumerate(produced):
                inner = entry.event if isinstance(entry, Delayed) else entry
                self.emitted.append(inner)
                if inner.type != "groundtune.run.sweep-due.v1":
                    waiting.append((event_id(inner, cause=id, ordinal=ordinal), inner))


def context(id: str = "event", attempt: int = 1) -> Context:
    """The context of a delivery."""
    return Context(event_id=id, attempt=attempt, log=_Silent())


class _Silent(SimpleNamespace):
    def __getattr__(self, name: str) -> Any:
        return lambda *args, **kwargs: None
