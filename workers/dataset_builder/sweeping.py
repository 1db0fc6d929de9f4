"""The sweep of a run: from time to time, what should have happened is compared with what did.

A complete fan-in whose closing event got lost is closed again; that event is named by what it says, so that a second
one is harmless. A run that has ended is left alone.
"""

from __future__ import annotations

from schemas.event import Event
from schemas.events import ArmPredicted, ComparisonDue, ReportDue, RunSweepDue
from schemas.state import ENDED, RunRecord
from shared.runs import scores_group, shards_group
from shared.runtime.worker import Delayed
from shared.services import Services

FIRST_SWEEP_S = 120
LONGEST_SWEEP_S = 900
"""SQS carries delays of up to 15 minutes."""


class Sweeping:
    """Looks after runs until they end."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def sweep(self, event: RunSweepDue) -> list[Event | Delayed]:
        """Closing events that a live run may lack, and the next sweep."""
        record = await self._services.runs.get(event.run)
        if record is None:
            return []
        if record.status in ENDED:
            # not sooner: an event that closed a stage may be handled again, and must find its run waiting
            await self._services.corpora.remove_waiting(record.corpus, record.run)
            return []
        later = RunSweepDue(run=event.run, sweep=event.sweep + 1)
        delay = min(LONGEST_SWEEP_S, FIRST_SWEEP_S * 2**event.sweep)
        return [*await self._closing(record), Delayed(later, delay)]

    async def _closing(self, record: RunRecord) -> list[Event]:
        if record.status == "reporting":
            return [ReportDue(run=record.run)]
        if record.status != "running":
            return []
        events: list[Event] = []
        for arm in await self._services.runs.arms(record.run):
            if (
                arm.status == "ready"
                and (await self._services.fanin.progress(shards_group(record.run, arm.arm))).complete
            ):
                events.append(ArmPredicted(run=record.run, arm=arm.arm))
        if (await self._services.fanin.progress(scores_group(record.run))).complete:
            events.append(ComparisonDue(run=record.run))
        return events
