"""The sweep of a run: from time to time, what should have happened is compared with what did.

    message that SQS moved to a dead-letter queue          sent back once: its worker sees the attempts and gives it up
    fan-in complete, its closing event lost                closed again
    item expected, nothing heard of it for an hour         asked for again
    item expected, nothing heard of it for over four days  failed, ``lost``
    run ended, an arm's job or deployment not torn down    teardown asked for again

Whatever is sent is named by what it says, so that a second one is harmless. Else a run that has ended is left alone.
"""

from __future__ import annotations

import asyncio

from schemas.event import Event
from schemas.events import ArmPredicted, ComparisonDue, ReportDue, RunSweepDue
from schemas.state import ENDED, RunRecord
from shared.clock import Clock
from shared.runs import STAGES, fail_run, scores_group, shards_group
from shared.runtime.worker import Delayed
from shared.services import Services
from shared.store import keys
from workers.dataset_builder.losing import LOST, LOST_AFTER_S, ask_again, lose_arms

FIRST_SWEEP_S = 120
LONGEST_SWEEP_S = 900
"""SQS carries delays of up to 15 minutes."""
ASK_EVERY = 4
"""Sweeps: about an hour."""


class Sweeping:
    """Looks after runs until they end."""

    def __init__(self, services: Services, clock: Clock) -> None:
        self._services = services
        self._clock = clock

    async def live(self, event: RunSweepDue) -> RunRecord | None:
        """The run's record while this chain of sweeps looks after it."""
        record = await self._services.runs.get(event.run)
        if record is None or record.revision != event.revision:
            return None
        if record.status in ENDED:
            # not sooner: an event that closed a stage may be handled again, and must find its run waiting
            await self._services.corpora.remove_waiting(record.corpus, record.run)
            return None
        return record

    async def sweep(self, event: RunSweepDue, record: RunRecord, by: str) -> list[Event | Delayed]:
        """Closing events that a live run may lack, what its arms may lack, and the next sweep."""
        await self._send_back(record)
        emitted: list[Event | Delayed] = [next_sweep(event), *await self._closing(record)]
        now = self._clock.now()
        if record.status == "running":
            if event.sweep % ASK_EVERY == 0:
                emitted += await ask_again(self._services, record, now)
            emitted += await lose_arms(self._services, record, now, by)
        elif record.status in ("requested", "building") and self.overdue(record):
            emitted += await fail_run(self._services, record.run, f"the run was lost while {record.status}: {LOST}")
        return emitted

    async def teardown(self, event: RunSweepDue) -> list[Event | Delayed]:
        """What removes that which an ended run still has on Bedrock, and a sweep to see whether it did.

        After four days it is for ``groundtune reap``, which looks at the account itself.
        """
        record = await self._services.runs.get(event.run)
        if record is None or record.revision != event.revision or record.status not in ENDED or self.overdue(record):
            return []
        arms = await self._services.runs.arms(record.run)
        left = [arm for arm in arms if (arm.job or arm.deployment) and not arm.torn_down]
        due = [ArmPredicted(run=arm.run, revision=arm.revision, arm=arm.arm) for arm in left]
        return [*due, next_sweep(event)] if due else []

    def overdue(self, record: RunRecord) -> bool:
        """Whether the run's stage began so long ago that what is missing is lost."""
        return self._clock.now() - record.updated >= LOST_AFTER_S

    async def _send_back(self, record: RunRecord) -> None:
        def concerns(event: Event) -> bool:
            run = getattr(event, "run", None)
            return run == record.run if run is not None else getattr(event, "corpus", None) == record.corpus

        graveyards = self._services.graveyards
        await asyncio.gather(*(graveyards.send_back_crashed(stage, concerns) for stage in STAGES))

    async def _closing(self, record: RunRecord) -> list[Event]:
        if record.status == "reporting":
            return [await self._due(record)]
        if record.status != "running":
            return []
        events: list[Event] = []
        for arm in await self._services.runs.arms(record.run):
            if (
                arm.status == "ready"
                and (await self._services.fanin.progress(shards_group(record.run, arm.arm))).complete
            ):
                events.append(ArmPredicted(run=record.run, revision=arm.revision, arm=arm.arm))
        if (await self._services.fanin.progress(scores_group(record.run))).complete:
            events.append(ComparisonDue(run=record.run, revision=record.revision))
        return events

    async def _due(self, record: RunRecord) -> Event:
        """The report, once there is a comparison to report or a reason why there is none: comparing may take long."""
        compared = await self._services.artifacts.exists(keys.run(record.run, "comparison.json"))
        due = ReportDue if compared or record.reason is not None else ComparisonDue
        return due(run=record.run, revision=record.revision)


def next_sweep(event: RunSweepDue) -> Delayed:
    """The sweep after this one."""
    later = event.model_copy(update={"sweep": event.sweep + 1})
    return Delayed(later, min(LONGEST_SWEEP_S, FIRST_SWEEP_S * 2 ** min(event.sweep, 10)))
