"""The DynamoDB table in memory, through the same encoding as the real one: what it refuses, this refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.store.attributes import decoded_item, encoded_item
from shared.store.ports import Item

MAX_ITEM_BYTES = 400 * 1024


class MemoryTable:
    """Items by ``pk`` and ``sk``, kept encoded. Operations do not interleave: each is as atomic as DynamoDB's."""

    def __init__(self) -> None:
        self._items: dict[tuple[str, str], dict[str, Any]] = {}

    async def get(self, pk: str, sk: str) -> Item | None:
        return self._read(pk, sk)

    async def query(self, pk: str, prefix: str = "") -> list[Item]:
        keys = sorted(((p, s) for p, s in self._items if p == pk and s.startswith(prefix)), key=lambda k: k[1].encode())
        return [decoded_item(self._items[key]) for key in keys]

    async def put(self, item: Item) -> None:
        self._write(item)

    async def create(self, item: Item) -> Item | None:
        there = self._read(item["pk"], item["sk"])
        if there is None:
            self._write(item)
        return there

    async def replace(self, item: Item, *, expected: Mapping[str, Any]) -> bool:
        met = _met(self._read(item["pk"], item["sk"]), expected)
        if met:
            self._write(item)
        return met

    async def update(
        self, pk: str, sk: str, values: Mapping[str, Any], *, expected: Mapping[str, Any] | None = None
    ) -> bool:
        there = self._read(pk, sk)
        if there is None or not _met(there, expected or {}):
            return False
        self._write({**there, **values})
        return True

    async def delete(self, pk: str, sk: str) -> None:
        self._items.pop((pk, sk), None)

    async def count_once(self, pk: str, sk: str, item: Item, counter_sk: str) -> bool:
        if self._read(pk, sk) is not None:
            return False
        counter = self._read(pk, counter_sk) or {"pk": pk, "sk": counter_sk, "done": 0}
        self._write({**item, "pk": pk, "sk": sk})
        self._write({**counter, "done": counter["done"] + 1})
        return True

    async def uncount_once(self, pk: str, sk: str, counter_sk: str) -> bool:
        if self._read(pk, sk) is None:
            return False
        counter = self._read(pk, counter_sk) or {"pk": pk, "sk": counter_sk, "done": 0}
        del self._items[pk, sk]
        self._write({**counter, "done": counter["done"] - 1})
        return True

    def _read(self, pk: str, sk: str) -> Item | None:
        found = self._items.get((pk, sk))
        return None if found is None else decoded_item(found)

    def _write(self, item: Item) -> None:
        encoded = encoded_item(item)
        if _size(encoded) > MAX_ITEM_BYTES:
            raise ValueError(f"item {item['pk']}, {item['sk']} is over DynamoDB's 400 KB")
        self._items[item["pk"], item["sk"]] = encoded


def _size(value: Any) -> int:
    """Bytes of names and values, as DynamoDB counts them (types and the overhead of nesting left out)."""
    if isinstance(value, dict):
        return sum(len(name.encode()) + _size(inner) for name, inner in value.items())
    if isinstance(value, list):
        return sum(_size(inner) for inner in value)
    return len(str(value).encode())


def _met(item: Item | None, expected: Mapping[str, Any]) -> bool:
    return item is not None and all(item.get(name) == value for name, value in expected.items())
