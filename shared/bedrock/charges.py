"""What a run pays beside model calls: training by the token and hosting by the hour, each entered once.

Bedrock says nowhere what it billed for a job: training is the dataset's estimated tokens times the epochs. Its price is
taken from the budget before the job starts and given back if Bedrock trained nothing. Hosting is counted from when it
was asked for until it was removed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

from shared.bedrock.model_names import model_name
from shared.bedrock.models import Facts
from shared.bedrock.usage import NANO
from shared.store.ports import Item, Table

TOTAL = "total"
HOUR_S = 3_600
_NANO_PER_MILLION = 1_000


@dataclass(frozen=True)
class TrainingEntry:
    """A customization job over ``tokens``, which are estimated and times the epochs. ``job`` is its name."""

    part: str
    model: str
    job: str
    tokens: int

    def nano(self, facts: Facts) -> int | None:
        """Nano-dollars; None where the price is unknown."""
        return None if facts.usd_training is None else round(self.tokens * facts.usd_training * _NANO_PER_MILLION)


@dataclass(frozen=True)
class HostingEntry:
    """``units`` of provisioned throughput under the ARN ``name``, paid by the hour. ``since`` is in Unix seconds."""

    part: str
    model: str
    name: str
    units: int
    since: float


@dataclass(frozen=True)
class Charge:
    """What was paid, or is being paid. ``amount`` are tokens of training or hours of units; ``usd`` None: unknown."""

    kind: Literal["training", "hosting"]
    part: str
    model: str
    amount: float
    usd: float | None


class Charges:
    """Entries in the partition of a run's ledger, whose ``total`` they add to. All calls may be repeated."""

    def __init__(self, table: Table) -> None:
        self._table = table

    async def hold(self, name: str, training: TrainingEntry, nano: int | None, most: int | None) -> bool:
        """Takes a job's price off what is left, once; ``most`` is what may be spent before it, None: no budget.

        False, with nothing taken, when more is spent.
        """
        item = {
            "part": training.part, "model": model_name(training.model), "amount": training.tokens,
            "nano": nano, "trained": False,
        }  # fmt: skip
        sk = _training_sk(training.job)
        if await self._table.get(partition(name), sk) is not None:
            return True
        bound = None if most is None else {"nano": most}
        taken = await self._table.count_once(
            partition(name), sk, item, TOTAL, amounts={"nano": nano or 0}, at_most=bound
        )
        return taken or await self._table.get(partition(name), sk) is not None

    async def trained(self, name: str, job: str) -> None:
        """The job has trained: what was held for it is spent."""
        await self._table.update(partition(name), _training_sk(job), {"trained": True})

    async def give_back(self, name: str, job: str) -> None:
        """The job came to nothing that is billed: what was held for it is free again."""
        item = await self._table.get(partition(name), _training_sk(job))
        if item is not None and not item["trained"]:
            amounts = {"nano": int(item["nano"] or 0)}
            await self._table.uncount_once(partition(name), _training_sk(job), TOTAL, amounts=amounts)

    async def open(self, name: str, hosting: HostingEntry, facts: Facts) -> None:
        """Something is hosted from now on. The first call for its ARN counts."""
        price = facts.usd_hosting_hour
        item = {
            "pk": partition(name), "sk": _hosting_sk(hosting.name), "part": hosting.part,
            "model": model_name(hosting.model), "units": hosting.units, "since": hosting.since,
            "nano_hour": None if price is None else round(price * hosting.units * NANO),
        }  # fmt: skip
        await self._table.create(item)

    async def close(self, name: str, arn: str, until: float) -> None:
        """It is hosted no more: its hours are spent. The first call counts; no error for what was never opened."""
        item = await self._table.get(partition(name), _hosting_sk(arn))
        if item is not None:
            spent = {"nano": _hosted_nano(item, until) or 0}
            await self._table.count_once(partition(name), _closed_sk(arn), {"until": until}, TOTAL, amounts=spent)

    async def all(self, name: str, now: float) -> list[Charge]:
        """Every job that has trained, and everything hosted, until ``now`` where it still is."""
        trained = await self._table.query(partition(name), _training_sk(""))
        hosted = await self._table.query(partition(name), _hosting_sk(""))
        closed = {item["sk"]: float(item["until"]) for item in await self._table.query(partition(name), _closed_sk(""))}
        return [
            *(_training(item) for item in trained if item["trained"]),
            *(_hosting(item, closed.get(_closed_sk(_arn(item)), now)) for item in hosted),
        ]


def _training(item: Item) -> Charge:
    return Charge("training", item["part"], item["model"], int(item["amount"]), _usd(item["nano"]))


def _hosting(item: Item, until: float) -> Charge:
    hours = _seconds(item, until) / HOUR_S * int(item["units"])
    return Charge("hosting", item["part"], item["model"], hours, _usd(_hosted_nano(item, until)))


def _hosted_nano(item: Item, until: float) -> int | None:
    return None if item["nano_hour"] is None else round(int(item["nano_hour"]) * _seconds(item, until) / HOUR_S)


def _seconds(item: Item, until: float) -> float:
    return max(0.0, until - float(item["since"]))


def _usd(nano: Any) -> float | None:
    return None if nano is None else int(nano) / NANO


def partition(name: str) -> str:
    """The partition of a run's or corpus's ledger."""
    return f"ledger#{name}"


def _training_sk(job: str) -> str:
    return f"training#{job}"


def _hosting_sk(arn: str) -> str:
    return f"hosting#{arn}"


def _closed_sk(arn: str) -> str:
    return f"closed#{arn}"


def _arn(item: Item) -> str:
    return str(item["sk"]).removeprefix("hosting#")
