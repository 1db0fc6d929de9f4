"""queues.yaml: each queue, its worker, the events in and out, limits and scaling hints."""

from __future__ import annotations

import sys
from functools import cached_property
from pathlib import Path
from typing import Annotated, Literal

from pydantic import ConfigDict, Discriminator, Field, Tag, ValidationError

from schemas.base import StrictModel
from shared import marked_yaml, topology_checks
from shared.errors import BadTopology
from shared.marked_yaml import MarkedYaml, Mistakes
from shared.nearest import nearest

FILE = "queues.yaml"

FIXED, BOUNDS = (marked_yaml.variant(name) for name in ("fixed", "bounds"))
"""The two ways to write ``concurrency``."""

EventTypes = Annotated[tuple[str, ...], Field(strict=False)]


class Scaling(StrictModel):
    """Hints for whoever scales a fleet: how many workers, and the backlog that one of them should face."""

    model_config = ConfigDict(strict=True)

    min: int = Field(default=1, ge=0)
    max: int = Field(default=10, ge=1, le=10_000)
    backlog_per_worker: int = Field(default=100, ge=1)


class Concurrency(StrictModel):
    """Bounds between which the runtime finds by itself how many events one process handles at a time."""

    model_config = ConfigDict(strict=True)

    min: int = Field(ge=1, le=1000)
    max: int = Field(ge=1, le=1000)


def _kind(value: object) -> str | None:
    if isinstance(value, int):
        return FIXED
    return BOUNDS if isinstance(value, dict | Concurrency) else None


EventsAtOnce = Annotated[
    Annotated[int, Field(ge=1, le=1000), Tag(FIXED)] | Annotated[Concurrency, Tag(BOUNDS)],
    Discriminator(_kind, "concurrency", "must be a whole number, or a mapping of min and max"),
]


class Queue(StrictModel):
    """One queue and the worker that consumes it. Limits are those of Amazon SQS."""

    model_config = ConfigDict(strict=True)

    worker: str
    consumes: Annotated[EventTypes, Field(min_length=1)]
    emits: EventTypes = ()
    s3_notifications: bool = Field(default=False, description="takes ObjectCreated notifications of inbox/")
    job_state_events: bool = Field(default=False, description="takes job state changes from EventBridge")
    idempotent: bool = Field(default=False, description="effects repeat without harm: no idempotency record is kept")
    fair: bool = Field(default=False, description="a fair queue: each message's group is its corpus, else its run")
    visibility_timeout_s: int = Field(default=30, ge=1, le=43_200)
    max_attempts: int = Field(default=4, ge=1, description="started attempts, counted by the runtime")
    max_receive_count: int = Field(default=10, ge=1, le=1000, description="then SQS gives the message up")
    retention_days: int = Field(default=4, ge=1, le=14)
    concurrency: EventsAtOnce = Field(default=4, description="events handled at a time by one process, or bounds")
    scaling: Scaling = Scaling()

    @property
    def concurrency_min(self) -> int:
        """Events that one process always takes at a time; equal to ``concurrency_max`` where the number is fixed."""
        return self.concurrency if isinstance(self.concurrency, int) else self.concurrency.min

    @property
    def concurrency_max(self) -> int:
        """Events that one process takes at a time, at most."""
        return self.concurrency if isinstance(self.concurrency, int) else self.concurrency.max


class Topology(StrictModel):
    """All queues, as queues.yaml lists them."""

    model_config = ConfigDict(strict=True)

    version: Literal[1]
    queues: Annotated[tuple[Queue, ...], Field(strict=False)]

    def queue(self, worker: str) -> Queue:
        """The worker's queue. Raises BadTopology naming the known workers when it has none."""
        for queue in self.queues:
            if queue.worker == worker:
                return queue
        known = [queue.worker for queue in self.queues]
        hint = nearest(worker, known)
        raise BadTopology(f"no worker is named {worker!r}{hint}; workers are {', '.join(known)}")

    def consumer_of(self, event_type: str) -> Queue | None:
        """The queue that takes an event type; None for one that goes to the bus."""
        return self._consumers.get(event_type)

    @cached_property
    def _consumers(self) -> dict[str, Queue]:
        return {event_type: queue for queue in self.queues for event_type in queue.consumes}


def load_topology(path: Path | None = None) -> Topology:
    """Reads ``path``, else queues.yaml in the working directory, else the one that ships with groundtune.

    Raises BadTopology with every mistake in the file, each with its line.
    """
    file = path or _found()
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        remedy = "GROUNDTUNE_TOPOLOGY names another file"
        raise BadTopology(f"cannot read the topology {file}: {error}; {remedy}") from None
    try:
        return parse(text, name=str(file))
    except marked_yaml.BadYaml as error:
        raise BadTopology(f"{file}: {error}") from None


def parse(text: str, *, name: str = FILE) -> Topology:
    """The topology in a text; ``name`` is what error messages call it. Raises BadTopology or BadYaml."""
    marked = marked_yaml.read(text)
    topology, found = _validated(marked)
    found += [(path, f"key {path[-1]!r} is written twice") for path in marked.doubled]
    found += topology_checks.mistakes(marked.data)
    if topology is None or found:
        lines = sorted({(marked.line(path), sentence) for path, sentence in found})
        raise BadTopology([f"{name}:{line}: {sentence}" for line, sentence in lines])
    return topology


def _validated(marked: MarkedYaml) -> tuple[Topology | None, Mistakes]:
    try:
        return Topology.model_validate(marked.data), []
    except ValidationError as error:
        return None, marked_yaml.problems(error, Topology)


def _found() -> Path:
    shipped = (Path(__file__).parents[1] / FILE, Path(sys.prefix) / "share" / "groundtune" / FILE)
    return next((path for path in (Path(FILE), *shipped) if path.is_file()), Path(FILE))
