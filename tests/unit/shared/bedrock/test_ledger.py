from __future__ import annotations

import asyncio
import random

import pytest

from shared.bedrock.ledger import Ledger, Spending
from shared.bedrock.ports import Account
from shared.bedrock.usage import NANO, Usage
from shared.errors import BudgetSpent, Poison
from shared.testing import MemoryTable

ONE = Account("run/r", "arm/a", budget_usd=1.0)
MODEL = "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0"


async def test_spending_is_told_by_part_and_model() -> None:
    ledger = Ledger(MemoryTable())
    await ledger.settle(ONE, MODEL, Usage(10, 5), 700, 0)
    await ledger.settle(ONE, MODEL, Usage(1, cache_read_tokens=9), 300, 0)
    await ledger.cached(ONE, MODEL, Usage(10, 5))
    await ledger.settle(Account("run/r", "synthetic-gen"), "acme.big", Usage(3), None, 0)
    await ledger.settle(Account("run/other", "arm/a"), MODEL, Usage(10, 5), 700, 0)
    assert await ledger.spent("run/r") == [
        Spending(
            "arm/a", "amazon.nova-lite-v1:0", calls=2, cached=1, input_tokens=11, output_tokens=5, cache_read_tokens=9,
            saved_input_tokens=10, saved_output_tokens=5, usd=1000 / NANO,
        ),
        Spending("synthetic-gen", "acme.big", calls=1, input_tokens=3, usd=None),
    ]  # fmt: skip
    assert await ledger.spent("run/unheard-of") == []


async def test_parts_share_the_budget_of_their_name() -> None:
    ledger = Ledger(MemoryTable())
    await ledger.reserve(ONE, NANO * 6 // 10)
    other = Account("run/r", "synthetic-gen", budget_usd=1.0)
    words = r"run/r has spent \$0\.600000 of its budget of \$1\.000000.*raise budget_usd in run.yaml"
    with pytest.raises(BudgetSpent, match=words) as raised:
        await ledger.reserve(other, NANO * 5 // 10)
    assert (raised.value.spent, raised.value.budget) == (0.6, 1.0)
    assert isinstance(raised.value, Poison)
    await ledger.reserve(other, NANO * 4 // 10)
    await ledger.reserve(Account("run/r2", "arm/a", budget_usd=1.0), NANO)


async def test_a_call_beyond_the_whole_budget_is_refused_from_the_start() -> None:
    with pytest.raises(BudgetSpent):
        await Ledger(MemoryTable()).reserve(ONE, NANO + 1)


async def test_what_was_spent_before_a_budget_was_set_counts() -> None:
    ledger = Ledger(MemoryTable())
    await ledger.settle(Account("run/r", "arm/a"), MODEL, Usage(1), NANO, 0)
    with pytest.raises(BudgetSpent):
        await ledger.reserve(ONE, 1)


async def test_a_reservation_is_replaced_by_what_the_call_cost_or_given_back() -> None:
    ledger = Ledger(MemoryTable())
    for _ in range(50):
        await ledger.reserve(ONE, NANO // 2)
        await ledger.settle(ONE, MODEL, Usage(1), NANO // 100, NANO // 2)
        await ledger.reserve(ONE, NANO // 2)
        await ledger.release(ONE, NANO // 2)
    assert (await ledger.spent("run/r"))[0].usd == pytest.approx(0.5)
    with pytest.raises(BudgetSpent):
        await ledger.reserve(ONE, NANO // 2 + 1)


async def test_a_reservation_whose_process_died_counts_as_spent() -> None:
    ledger = Ledger(MemoryTable())
    await ledger.reserve(ONE, NANO)
    with pytest.raises(BudgetSpent):
        await ledger.reserve(ONE, 1)
    assert await ledger.spent("run/r") == []


async def test_many_callers_together_never_spend_more_than_the_budget() -> None:
    ledger, chance = Ledger(MemoryTable()), random.Random(7)
    done: list[int] = []

    async def caller() -> None:
        for _ in range(20):
            worst = chance.randrange(1, NANO // 40)
            try:
                await ledger.reserve(ONE, worst)
            except BudgetSpent:
                continue
            await asyncio.sleep(0)
            cost = chance.randrange(0, worst + 1)
            await ledger.settle(ONE, MODEL, Usage(1), cost, worst)
            done.append(cost)

    await asyncio.gather(*(caller() for _ in range(30)))
    assert NANO * 0.9 < sum(done) <= NANO
    assert (await ledger.spent("run/r"))[0].usd == pytest.approx(sum(done) / NANO)
