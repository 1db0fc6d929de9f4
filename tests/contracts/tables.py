"""The contract of ``shared.store.ports.Table``."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Awaitable, Callable

import pytest

from shared.store.ports import Addition, Table

Case = Callable[[Table], Awaitable[None]]


async def what_is_put_is_read_back_as_it_was(table: Table) -> None:
    item = {
        "pk": "p", "sk": "s", "text": "한국어", "empty": "", "whole": 3, "float": 0.1, "big": 1700000000.123456,
        "yes": True, "nothing": None, "list": [1, "two", {"three": 3.5}], "map": {"status": "x"}, "status": "reserved",
    }  # fmt: skip
    await table.put(item)
    assert await table.get("p", "s") == item
    assert await table.get("p", "other") is None


async def whole_floats_and_tuples_are_read_back_as_ints_and_lists(table: Table) -> None:
    await table.put({"pk": "p", "sk": "s", "whole": 3.0, "huge": 1e23, "pair": (1, 2), "minus": -0.0})
    there = await table.get("p", "s")
    assert there == {"pk": "p", "sk": "s", "whole": 3, "huge": 10**23, "pair": [1, 2], "minus": 0}
    assert all(isinstance(there[name], int) for name in ("whole", "huge", "minus"))


async def what_is_kept_changes_only_by_the_table(table: Table) -> None:
    item = {"pk": "p", "sk": "s", "list": [{"a": 1}]}
    await table.put(item)
    item["list"][0]["a"] = 2  # type: ignore[index]
    there = await table.get("p", "s")
    assert there is not None
    there["list"][0]["a"] = 3
    assert await table.get("p", "s") == {"pk": "p", "sk": "s", "list": [{"a": 1}]}


async def what_no_number_or_type_of_dynamodb_is_is_refused(table: Table) -> None:
    refused = (math.nan, math.inf, -math.inf, 1e300, 5e-324, 10**39 + 1, object(), {"in": [math.nan]})
    for value in refused:
        with pytest.raises((TypeError, ArithmeticError)):
            await table.put({"pk": "p", "sk": "refused", "value": value})
    assert await table.get("p", "refused") is None


async def a_query_gives_a_partition_in_order_and_by_prefix(table: Table) -> None:
    for sk in ("b#2", "a#1", "b#1", "b#10"):
        await table.put({"pk": "q", "sk": sk})
    await table.put({"pk": "elsewhere", "sk": "b#1"})
    assert [item["sk"] for item in await table.query("q", "b#")] == ["b#1", "b#10", "b#2"]
    assert [item["sk"] for item in await table.query("q")] == ["a#1", "b#1", "b#10", "b#2"]


async def a_query_reads_every_page(table: Table) -> None:
    for n in range(12):
        await table.put({"pk": "pages", "sk": f"{n:02d}", "filler": "x" * 200_000})
    assert len(await table.query("pages")) == 12


async def create_writes_once_and_returns_what_was_there(table: Table) -> None:
    assert await table.create({"pk": "c", "sk": "s", "value": 1}) is None
    assert await table.create({"pk": "c", "sk": "s", "value": 2}) == {"pk": "c", "sk": "s", "value": 1}


async def of_many_creators_one_succeeds(table: Table) -> None:
    answers = await asyncio.gather(*(table.create({"pk": "race", "sk": "s", "by": n}) for n in range(8)))
    assert sum(answer is None for answer in answers) == 1


async def replace_asks_for_every_expected_value(table: Table) -> None:
    new = {"pk": "r", "sk": "s", "owner": "b"}
    assert not await table.replace(new, expected={})
    await table.put({"pk": "r", "sk": "s", "owner": "a", "lease": 1.25, "none": None})
    assert not await table.replace(new, expected={"owner": "a", "lease": 1.5})
    assert not await table.replace(new, expected={"owner": None})
    assert await table.replace(new, expected={"owner": "a", "lease": 1.25, "none": None, "absent": None})
    assert await table.get("r", "s") == new


async def update_sets_some_values_of_an_existing_item(table: Table) -> None:
    assert not await table.update("u", "s", {"status": "x"})
    assert await table.get("u", "s") is None
    await table.put({"pk": "u", "sk": "s", "status": "a", "kept": 1})
    assert not await table.update("u", "s", {"status": "c"}, expected={"status": "b"})
    assert await table.update("u", "s", {"status": "b", "size": None}, expected={"status": "a"})
    assert await table.get("u", "s") == {"pk": "u", "sk": "s", "status": "b", "kept": 1, "size": None}


async def delete_removes_and_forgives(table: Table) -> None:
    await table.put({"pk": "d", "sk": "s"})
    await table.delete("d", "s")
    await table.delete("d", "s")
    assert await table.get("d", "s") is None


async def add_adds_to_several_numbers_of_an_item_that_need_not_be_there(table: Table) -> None:
    assert await table.add("a", "s", {"calls": 1, "usd": 250}) == Addition(
        True, {"pk": "a", "sk": "s", "calls": 1, "usd": 250}
    )
    await table.update("a", "s", {"kept": "text"})
    assert await table.add("a", "s", {"usd": -50, "new": 7}) == Addition(
        True, {"pk": "a", "sk": "s", "calls": 1, "usd": 200, "new": 7, "kept": "text"}
    )


async def add_refuses_beyond_its_bounds_and_changes_nothing(table: Table) -> None:
    assert await table.add("b", "s", {"n": 5}, at_most={"n": -1}) == Addition(False, None)
    assert await table.add("b", "s", {"n": 5}, at_least={"n": 1}) == Addition(False, None)
    assert await table.get("b", "s") is None
    assert (await table.add("b", "s", {"n": 5, "m": 1}, at_most={"n": 0, "other": 3}, at_least={"n": 0})).done
    there = {"pk": "b", "sk": "s", "n": 5, "m": 1}
    assert await table.add("b", "s", {"n": 1}, at_most={"n": 4}) == Addition(False, there)
    assert await table.add("b", "s", {"n": 1}, at_least={"n": 5, "m": 2}) == Addition(False, there)
    assert (await table.add("b", "s", {"n": 1}, at_most={"n": 5}, at_least={"m": 1})).done


async def of_many_adders_none_passes_the_bound(table: Table) -> None:
    answers = await asyncio.gather(*(table.add("l", "s", {"n": 3}, at_most={"n": 20 - 3}) for _ in range(24)))
    assert sum(answer.done for answer in answers) == 6
    there = await table.get("l", "s")
    assert there is not None and there["n"] == 18


async def count_once_counts_each_item_once(table: Table) -> None:
    calls = [table.count_once("n", f"item#{n % 5}", {"outcome": "done"}, "count#0") for n in range(15)]
    counted = await asyncio.gather(*calls)
    assert sum(counted) == 5
    counter = await table.get("n", "count#0")
    assert counter is not None and counter["done"] == 5
    assert await table.get("n", "item#0") == {"pk": "n", "sk": "item#0", "outcome": "done"}


async def uncount_once_takes_a_counted_item_back_once(table: Table) -> None:
    for n in range(3):
        await table.count_once("u", f"item#{n}", {"outcome": "failed"}, "count#0")
    assert [await table.uncount_once("u", "item#1", "count#0") for _ in range(2)] == [True, False]
    counter = await table.get("u", "count#0")
    assert counter is not None and counter["done"] == 2
    assert await table.get("u", "item#1") is None
    assert await table.count_once("u", "item#1", {"outcome": "done"}, "count#0")


async def count_once_adds_amounts_within_a_bound_and_uncount_once_takes_them_back(table: Table) -> None:
    calls = [table.count_once("m", f"i{n}", {"n": n}, "t", amounts={"nano": 3}, at_most={"nano": 7}) for n in range(6)]
    assert sum(await asyncio.gather(*calls)) == 3
    assert len(await table.query("m", "i")) == 3
    assert await table.get("m", "t") == {"pk": "m", "sk": "t", "nano": 9}
    (first, *_) = await table.query("m", "i")
    assert [await table.uncount_once("m", first["sk"], "t", amounts={"nano": 3}) for _ in range(2)] == [True, False]
    assert await table.get("m", "t") == {"pk": "m", "sk": "t", "nano": 6}


CASES: list[Case] = [
    what_is_put_is_read_back_as_it_was, whole_floats_and_tuples_are_read_back_as_ints_and_lists,
    what_is_kept_changes_only_by_the_table, what_no_number_or_type_of_dynamodb_is_is_refused,
    a_query_gives_a_partition_in_order_and_by_prefix, a_query_reads_every_page,
    create_writes_once_and_returns_what_was_there, of_many_creators_one_succeeds,
    add_adds_to_several_numbers_of_an_item_that_need_not_be_there,
    add_refuses_beyond_its_bounds_and_changes_nothing, of_many_adders_none_passes_the_bound,
    replace_asks_for_every_expected_value, update_sets_some_values_of_an_existing_item, delete_removes_and_forgives,
    count_once_counts_each_item_once, uncount_once_takes_a_counted_item_back_once,
    count_once_adds_amounts_within_a_bound_and_uncount_once_takes_them_back,
]  # fmt: skip
