from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.store.attributes import decoded_item, encoded_item
from shared.testing import MemoryTable
from shared.testing.table import MAX_ITEM_BYTES

SCALARS = st.none() | st.booleans() | st.integers() | st.floats() | st.text()
VALUES = st.recursive(
    SCALARS | st.integers(10**36, 10**40) | st.floats(-1e-100, 1e-100),
    lambda inner: st.lists(inner) | st.tuples(inner) | st.dictionaries(st.text(), inner),
    max_leaves=6,
)


@given(st.dictionaries(st.text(min_size=3), VALUES))
async def test_it_keeps_or_refuses_what_the_real_encoding_does(values: dict[str, Any]) -> None:
    item, table = {**values, "pk": "p", "sk": "s"}, MemoryTable()
    try:
        expected = decoded_item(encoded_item(item))
    except (TypeError, ArithmeticError):
        with pytest.raises((TypeError, ArithmeticError)):
            await table.put(item)
    else:
        await table.put(item)
        there = await table.get("p", "s")
        assert repr(there) == repr(expected)


@pytest.mark.parametrize("key", [("", "s"), ("p", ""), (1, "s"), ("p", None)])
async def test_a_key_is_two_texts(key: tuple[Any, Any]) -> None:
    with pytest.raises(ValueError, match="not two texts"):
        await MemoryTable().put({"pk": key[0], "sk": key[1]})


@pytest.mark.parametrize("value", ["x", ["x"], {"a": "x"}])
async def test_names_and_values_are_texts_that_utf_8_can_say(value: Any) -> None:
    table = MemoryTable()
    await table.put({"pk": "p", "sk": "s", "value": value})
    for wrong in ("\ud800", ["\ud800"], {"\ud800": 1}, {"a": {"b": "\ud800"}}):
        with pytest.raises(UnicodeEncodeError):
            await table.put({"pk": "p", "sk": "s", "value": wrong})
    with pytest.raises(TypeError):
        await table.put({"pk": "p", "sk": "s", "value": {1: 2}})


@pytest.mark.parametrize(
    "big",
    ["x" * MAX_ITEM_BYTES, "한" * (MAX_ITEM_BYTES // 3), ["x"] * (MAX_ITEM_BYTES // 2), {"a": ["x" * MAX_ITEM_BYTES]}],
)
async def test_an_item_over_400_kb_is_refused_whatever_makes_it_big(big: Any) -> None:
    table = MemoryTable()
    await table.put({"pk": "p", "sk": "s", "value": "x" * (MAX_ITEM_BYTES - 20)})
    with pytest.raises(ValueError, match="over DynamoDB's 400 KB"):
        await table.put({"pk": "p", "sk": "s", "value": big})
    with pytest.raises(ValueError, match="over DynamoDB's 400 KB"):
        await table.update("p", "s", {"more": "x" * 1000})


async def test_many_small_attributes_may_be_too_much_as_well() -> None:
    with pytest.raises(ValueError, match="over DynamoDB's 400 KB"):
        await MemoryTable().put({"pk": "p", "sk": "s", **{f"{n:05d}": 10**30 for n in range(20_000)}})
