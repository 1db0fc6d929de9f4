"""How far a run is, stage by stage, read from its fan-in counters; and watching it until it ends."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass

from schemas.state import ENDED, RunRecord
from shared.errors import BadInput
from shared.runs import documents_group, samples_group, scores_group, shards_group
from shared.services import Services

POLL_S = 0.5


@dataclass(frozen=True)
class Stage:
    """One line of progress. ``total`` is None while it is not known yet."""

    name: str
    done: int
    total: int | None


@dataclass(frozen=True)
class Snapshot:
    """A run's record and its stages, at one moment."""

    record: RunRecord
    stages: list[Stage]


async def look(services: Services, run: str) -> Snapshot:
    """The run as it is now. Raises BadInput when there is no such run."""
    record = await services.runs.get(run)
    if record is None:
        raise BadInput(f"there is no run {run!r}; `groundtune runs list` shows the runs")
    fanin, arms = services.fanin, await services.runs.arms(run)
    documents = await fanin.progress(documents_group(run))
    samples = await fanin.progress(samples_group(run, record.wave))
    scores = await fanin.progress(scores_group(run))
    ready = sum(arm.status in ("ready", "predicted", "failed") for arm in arms)
    answered = [(await fanin.progress(shards_group(run, arm.arm))).done for arm in arms]
    total = scores.expected
    name = f"synthetic samples (wave {record.wave + 1})" if record.wave else "synthetic samples"
    return Snapshot(
        record,
        [
            Stage("documents ingested", documents.done, documents.expected),
            Stage(name, samples.done, samples.expected),
            Stage("models ready", ready, len(record.arms) or None),
            Stage("shards answered", sum(answered), total),
            Stage("shards scored", scores.done, total),
        ],
    )


async def watch(services: Services, run: str, show: Callable[[Snapshot], None]) -> RunRecord:
    """Shows the run's progress until it has ended; returns how."""
    while True:
        snapshot = await look(services, run)
        show(snapshot)
        if snapshot.record.status in ENDED:
            return snapshot.record
        await asyncio.sleep(POLL_S)
