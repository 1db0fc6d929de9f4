"""What runs and corpora have spent: tokens, calls and money by account, part and model, as counters in the table.

A call reserves the worst that it can cost before it is made, with a bounded addition, and is settled with what it did
cost. So the calls of any number of processes together stay within a budget. A process that dies in between leaves its
reservation: too much then counts as spent, never too little.
"""

from __future__ import annotations

from dataclasses import dataclass

from shared.bedrock.charges import TOTAL, Charges, partition
from shared.bedrock.model_names import model_name
from shared.bedrock.ports import Account
from shared.bedrock.usage import NANO, Usage
from shared.errors import BudgetSpent
from shared.store.ports import Item, Table


@dataclass(frozen=True)
class Spending:
    """What one part of an account has used of one model. ``usd`` is None when some call's price was unknown.

    ``calls`` are those that Bedrock answered; ``cached`` came from our cache and saved the tokens of their first call.
    """

    part: str
    model: str
    calls: int = 0
    cached: int = 0
    input_tokens: int = 0
    output_tokens: int = 0
    cache_read_tokens: int = 0
    cache_write_tokens: int = 0
    text_units: int = 0
    saved_input_tokens: int = 0
    saved_output_tokens: int = 0
    usd: float | None = 0.0

    @property
    def all_input_tokens(self) -> int:
        """Those of Bedrock's prompt cache included."""
        return self.input_tokens + self.cache_read_tokens + self.cache_write_tokens


class Ledger:
    """Counters in the partition ``ledger#<name>``: ``total`` and one item for each part and model.

    ``charges`` are what is paid there beside calls.
    """

    def __init__(self, table: Table) -> None:
        self._table = table
        self.charges = Charges(table)

    async def reserve(self, account: Account, nano: int) -> None:
        """Takes ``nano`` nano-dollars of the account's budget. Raises BudgetSpent, with nothing taken, beyond it."""
        if account.budget_usd is None:
            return
        budget = round(account.budget_usd * NANO)
        added = await self._table.add(partition(account.name), TOTAL, {"nano": nano}, at_most={"nano": budget - nano})
        if not added.done:
            spent = int((added.item or {}).get("nano", 0))
            raise BudgetSpent(account.name, spent=spent / NANO, budget=account.budget_usd, call=nano / NANO)

    async def settle(
        self, account: Account, model: str, usage: Usage, nano: int | None, reserved: int, calls: int = 1
    ) -> None:
        """Counts calls that were answered, ``nano`` None being an unknown price, in place of what they reserved."""
        money = {"nano": nano} if nano is not None else {"unpriced": 1}
        # the part first: should the second addition fail, too much is left counted in the total
        await self._table.add(
            partition(account.name), _sk(account, model), {"calls": calls, **usage.counters(), **money}
        )
        await self._correct(account, (nano or 0) - reserved)

    async def release(self, account: Account, reserved: int) -> None:
        """Gives back what a call reserved that was not made, or not billed."""
        await self._correct(account, -reserved)

    async def cached(self, account: Account, model: str, usage: Usage, answers: int = 1) -> None:
        """Counts answers that came from our cache, and the tokens that they saved."""
        saved = {f"saved_{name}": number for name, number in usage.counters().items()}
        await self._table.add(partition(account.name), _sk(account, model), {"cached": answers, **saved})

    async def total_nano(self, name: str) -> int:
        """All that an account has spent or holds reserved, in nano-dollars."""
        return int((await self._table.get(partition(name), TOTAL) or {}).get("nano", 0))

    async def spent(self, name: str) -> list[Spending]:
        """What an account has used, by part and model."""
        return [_spending(item) for item in await self._table.query(partition(name), "spent#")]

    async def _correct(self, account: Account, nano: int) -> None:
        if nano:
            await self._table.add(partition(account.name), TOTAL, {"nano": nano})


def _sk(account: Account, model: str) -> str:
    return f"spent#{account.part}#{model_name(model)}"


def _spending(item: Item) -> Spending:
    _, part, model = str(item["sk"]).split("#", 2)
    numbers = {name: int(item.get(name, 0)) for name in COUNTERS}
    usd = None if item.get("unpriced") else int(item.get("nano", 0)) / NANO
    return Spending(part, model, usd=usd, **numbers)


COUNTERS = (
    "calls", "cached", "input_tokens", "output_tokens", "cache_read_tokens", "cache_write_tokens", "text_units",
    "saved_input_tokens", "saved_output_tokens",
)  # fmt: skip
