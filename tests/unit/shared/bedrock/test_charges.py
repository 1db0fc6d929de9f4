from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.bedrock.charges import Charge, Charges, HostingEntry, TrainingEntry
from shared.bedrock.ledger import Ledger
from shared.bedrock.models import Facts
from shared.bedrock.ports import Account
from shared.bedrock.usage import NANO
from shared.errors import BudgetSpent
from shared.testing import MemoryTable

RUN = "run/r"
JOB = TrainingEntry("arm/a", "arn:aws:bedrock:us-east-1::foundation-model/amazon.nova-lite-v1:0", "gt-1", 2_000_000)
ARN = "arn:aws:bedrock:us-east-1:1:provisioned-model/x"
UNIT = HostingEntry("arm/a", "meta.llama3-1-8b-instruct-v1:0:128k", ARN, units=2, since=1_000.0)
PRICED = Facts(usd_hosting_hour=10.0)


def test_training_costs_its_tokens_where_the_price_is_known() -> None:
    assert JOB.nano(Facts(usd_training=2.0)) == 4 * NANO
    assert JOB.nano(Facts()) is None


async def test_a_job_is_held_once_and_told_once_it_has_trained() -> None:
    ledger = Ledger(MemoryTable())
    for _ in range(2):
        assert await ledger.charges.hold(RUN, JOB, 4 * NANO, most=6 * NANO)
    assert await ledger.total_nano(RUN) == 4 * NANO and await ledger.charges.all(RUN, now=0) == []
    for _ in range(2):
        await ledger.charges.trained(RUN, "gt-1")
        await ledger.charges.give_back(RUN, "gt-1")  # too late: it has trained
    told = Charge("training", "arm/a", "amazon.nova-lite-v1:0", 2_000_000, 4.0)
    assert await ledger.charges.all(RUN, now=0) == [told] and await ledger.total_nano(RUN) == 4 * NANO


async def test_a_job_that_came_to_nothing_gives_its_price_back_once() -> None:
    ledger = Ledger(MemoryTable())
    await ledger.charges.give_back(RUN, "gt-1")
    await ledger.charges.hold(RUN, JOB, 4 * NANO, most=None)
    for _ in range(2):
        await ledger.charges.give_back(RUN, "gt-1")
    assert await ledger.total_nano(RUN) == 0
    await ledger.reserve(Account(RUN, "arm/a", budget_usd=1.0), NANO)


async def test_of_jobs_that_start_at_once_no_more_are_let_in_than_the_budget_holds() -> None:
    ledger = Ledger(MemoryTable())
    jobs = [TrainingEntry("arm/a", "m", f"gt-{number}", 1) for number in range(5)]
    held = await asyncio.gather(*(ledger.charges.hold(RUN, job, 4 * NANO, most=6 * NANO) for job in jobs))
    assert sum(held) == 2 and await ledger.total_nano(RUN) == 8 * NANO
    with pytest.raises(BudgetSpent):
        await ledger.reserve(Account(RUN, "arm/a", budget_usd=8.0), 1)


async def test_hosting_is_counted_from_its_first_opening_to_its_first_closing() -> None:
    ledger = Ledger(MemoryTable())
    charges = ledger.charges
    await charges.close(RUN, ARN, until=5_000.0)  # never opened
    await charges.open(RUN, UNIT, PRICED)
    await charges.open(RUN, HostingEntry("arm/a", "m", ARN, units=9, since=2_000.0), PRICED)
    (running,) = await charges.all(RUN, now=1_000.0 + 1_800)
    assert (running.amount, running.usd, await ledger.total_nano(RUN)) == (1.0, 10.0, 0)
    await charges.close(RUN, ARN, until=1_000.0 + 3_600)
    await charges.close(RUN, ARN, until=1_000.0 + 7_200)
    (ended,) = await charges.all(RUN, now=1_000_000.0)
    assert ended == Charge("hosting", "arm/a", "meta.llama3-1-8b-instruct-v1:0:128k", 2.0, 20.0)
    assert await ledger.total_nano(RUN) == 20 * NANO


async def test_hosting_at_an_unknown_price_has_hours_and_no_money() -> None:
    charges = Charges(MemoryTable())
    await charges.open(RUN, UNIT, Facts())
    await charges.close(RUN, ARN, until=1_000.0 + 3_600)
    assert [(charge.amount, charge.usd) for charge in await charges.all(RUN, now=0)] == [(2.0, None)]


@given(st.lists(st.sampled_from(["hold", "trained", "give_back"]), max_size=12))
def test_whatever_is_repeated_the_total_is_what_the_entries_say(calls: list[str]) -> None:
    async def check() -> None:
        ledger = Ledger(MemoryTable())
        for call in calls:
            if call == "hold":
                await ledger.charges.hold(RUN, JOB, 7, most=100)
            else:
                await getattr(ledger.charges, call)(RUN, "gt-1")
        assert await ledger.total_nano(RUN) in (0, 7)
        assert not await ledger.charges.all(RUN, now=0) or await ledger.total_nano(RUN) == 7

    asyncio.run(check())
