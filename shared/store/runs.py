"""Run and arm state, and the failures of a run, in the partition ``run#<run>``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from schemas.artifacts import Failure
from schemas.base import content_hash
from schemas.state import ENDED, ArmRecord, ArmStatus, RunRecord, RunStatus
from shared.store.ports import Table


class Runs:
    """Every run: its record, its arms, its failures. ``now`` gives Unix seconds."""

    def __init__(self, table: Table, now: Callable[[], float]) -> None:
        self._table = table
        self._now = now

    async def create(self, record: RunRecord) -> bool:
        """Registers a run; False when it exists already."""
        item = {"pk": _pk(record.run), "sk": "run", **record.model_dump(mode="json")}
        created = await self._table.create(item) is None
        await self._table.put({"pk": "runs", "sk": record.run})
        return created

    async def get(self, run: str) -> RunRecord | None:
        item = await self._table.get(_pk(run), "run")
        return None if item is None else RunRecord.model_validate(item)

    async def all(self) -> list[RunRecord]:
        """Every run, newest first."""
        names = [str(item["sk"]) for item in await self._table.query("runs")]
        records = [record for name in names if (record := await self.get(name)) is not None]
        return sorted(records, key=lambda record: record.created, reverse=True)

    async def advance(self, run: str, status: RunStatus, *, revision: int | None = None, **values: Any) -> bool:
        """Moves a run on. An ended run stays as it ended, and a run of another ``revision`` as it is: False."""
        for _ in range(10):
            record = await self.get(run)
            if record is None or record.status in ENDED or revision not in (None, record.revision):
                return False
            if await self._change(record, status, values):
                return True
        raise RuntimeError(f"state of run {run} changes without end")

    async def reopen(self, record: RunRecord, status: RunStatus, *, add_metrics: Sequence[str] = ()) -> bool:
        """Opens an ended run again as its next revision, without the reason that ended it. False when it changed."""
        values: dict[str, Any] = {"revision": record.revision + 1, "reason": None, "report": None}
        if add_metrics:
            values["added_metrics"] = [*record.added_metrics, list(add_metrics)]
        return await self._change(record, status, values)

    async def _change(self, record: RunRecord, status: RunStatus, values: dict[str, Any]) -> bool:
        changed = {"status": status, "updated": self._now(), **values}
        expected = {"status": record.status, "revision": record.revision}
        return await self._table.update(_pk(record.run), "run", changed, expected=expected)

    async def first(self, run: str, name: str, value: str) -> str:
        """The value that was given first for this name of the run: of handlers that decide at once, one decides."""
        there = await self._table.create({"pk": _pk(run), "sk": f"first#{name}", "value": value})
        return value if there is None else str(there["value"])

    async def known(self, run: str, name: str) -> str | None:
        """What ``first`` has settled for this name; None when nothing."""
        there = await self._table.get(_pk(run), f"first#{name}")
        return None if there is None else str(there["value"])

    async def active(self, run: str) -> RunRecord | None:
        """The run's record while work on it is of use: not ended, and not failing."""
        record = await self.get(run)
        return record if record is not None and record.status not in ENDED and record.reason is None else None

    async def put_arm(self, record: ArmRecord) -> None:
        """Registers an arm; the first registration stands."""
        await self._table.create({"pk": _pk(record.run), "sk": f"arm#{record.arm}", **record.model_dump(mode="json")})

    async def arm(self, run: str, arm: str) -> ArmRecord | None:
        item = await self._table.get(_pk(run), f"arm#{arm}")
        return None if item is None else ArmRecord.model_validate(item)

    async def arms(self, run: str) -> list[ArmRecord]:
        return [ArmRecord.model_validate(item) for item in await self._table.query(_pk(run), "arm#")]

    async def set_arm(self, run: str, arm: str, status: ArmStatus | None = None, **values: Any) -> None:
        """Changes some of an arm's values. A failed arm stays failed."""
        record = await self.arm(run, arm)
        if status is not None and record is not None and record.status != "failed":
            values.update(status=status, since=self._now())
        if values:
            await self._table.update(_pk(run), f"arm#{arm}", values)

    async def relaunch(self, run: str, arm: str, status: ArmStatus, revision: int) -> None:
        """Begins an arm anew, also a failed one. Its job stays known; a deployment that was torn down is forgotten."""
        record = await self.arm(run, arm)
        gone = {"deployment": None, "torn_down": False} if record is not None and record.torn_down else {}
        values = {"status": status, "since": self._now(), "reason": None, "revision": revision, **gone}
        await self._table.update(_pk(run), f"arm#{arm}", values)

    async def put_job(self, job_name: str, run: str, arm: str) -> None:
        """Remembers whose customization job this is."""
        await self._table.put({"pk": "jobs", "sk": job_name, "run": run, "arm": arm})

    async def job_owner(self, job_name: str) -> tuple[str, str] | None:
        """Run and arm of a customization job; None when it is not ours."""
        item = await self._table.get("jobs", job_name)
        return None if item is None else (str(item["run"]), str(item["arm"]))

    async def add_failure(self, run: str, failure: Failure) -> None:
        """Records a failed item once."""
        sk = _failure_sk(failure.stage, failure.item)
        await self._table.create({"pk": _pk(run), "sk": sk, **failure.model_dump(mode="json")})

    async def remove_failure(self, run: str, stage: str, item: str) -> None:
        """Takes a failed item back."""
        await self._table.delete(_pk(run), _failure_sk(stage, item))

    async def failures(self, run: str) -> list[Failure]:
        """Every failed item, ordered by stage and item."""
        found = [Failure.model_validate(item) for item in await self._table.query(_pk(run), "failure#")]
        return sorted(found, key=lambda failure: (failure.stage, failure.item))


def _failure_sk(stage: str, item: str) -> str:
    return f"failure#{content_hash([stage, item])[:32]}"


def _pk(run: str) -> str:
    return f"run#{run}"
