"""The DynamoDB table in memory: what the real one refuses, this refuses."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.store.attributes import EXACT, decoded, encoded
from shared.store.ports import ONE_DONE, Addition, Item

MAX_ITEM_BYTES = 400 * 1024
SURELY_SMALL = 8_000
"""Characters of names and texts, at up to 4 bytes each and a number of 38 digits per name: far below the limit."""
EXACT_FLOAT = 2.0**53
"""Below it a whole float is the int that its decimal digits say."""
_NESTED = frozenset({dict, list})


class MemoryTable:
    """Items by ``pk`` and ``sk``. Operations do not interleave: each is as atomic as DynamoDB's.

    Values are kept as they would be read back (a tuple as a list, 3.0 as 3), and copied on their way in and out.
    """

    def __init__(self) -> None:
        self._items: dict[tuple[str, str], Item] = {}

    async def get(self, pk: str, sk: str) -> Item | None:
        return self._read(pk, sk)

    async def query(self, pk: str, prefix: str = "") -> list[Item]:
        keys = sorted(((p, s) for p, s in self._items if p == pk and s.startswith(prefix)), key=lambda k: k[1].encode())
        return [_copied(self._items[key]) for key in keys]

    async def put(self, item: Item) -> None:
        self._write(item)

    async def create(self, item: Item) -> Item | None:
        there = self._read(item["pk"], item["sk"])
        if there is None:
            self._write(item)
        return there

    async def replace(self, item: Item, *, expected: Mapping[str, Any]) -> bool:
        met = _met(self._items.get((item["pk"], item["sk"])), expected)
        if met:
            self._write(item)
        return met

    async def update(
        self, pk: str, sk: str, values: Mapping[str, Any], *, expected: Mapping[str, Any] | None = None
    ) -> bool:
        there = self._items.get((pk, sk))
        if there is None or not _met(there, expected or {}):
            return False
        self._write({**there, **values})
        return True

    async def delete(self, pk: str, sk: str) -> None:
        self._items.pop((pk, sk), None)

    async def add(
        self, pk: str, sk: str, amounts: Mapping[str, int], *, at_most: Mapping[str, int] | None = None,
        at_least: Mapping[str, int] | None = None,
    ) -> Addition:  # fmt: skip
        item = self._read(pk, sk)
        numbers = item or {}
        small = all(numbers.get(name, 0) <= most for name, most in (at_most or {}).items())
        if not small or any(numbers.get(name, 0) < least for name, least in (at_least or {}).items()):
            return Addition(False, item)
        sums = {name: numbers.get(name, 0) + amount for name, amount in amounts.items()}
        self._write({**numbers, "pk": pk, "sk": sk, **sums})
        return Addition(True, self._read(pk, sk))

    async def count_once(
        self, pk: str, sk: str, item: Item, counter_sk: str, *, amounts: Mapping[str, int] = ONE_DONE,
        at_most: Mapping[str, int] | None = None,
    ) -> bool:  # fmt: skip
        counter = self._items.get((pk, counter_sk), {})
        small = all(counter.get(name, 0) <= most for name, most in (at_most or {}).items())
        if (pk, sk) in self._items or not small:
            return False
        self._write({**item, "pk": pk, "sk": sk})
        self._count(pk, counter_sk, amounts, 1)
        return True

    async def uncount_once(self, pk: str, sk: str, counter_sk: str, *, amounts: Mapping[str, int] = ONE_DONE) -> bool:
        if self._items.pop((pk, sk), None) is None:
            return False
        self._count(pk, counter_sk, amounts, -1)
        return True

    def _count(self, pk: str, sk: str, amounts: Mapping[str, int], sign: int) -> None:
        counter = self._items.get((pk, sk), {})
        sums = {name: counter.get(name, 0) + sign * amount for name, amount in amounts.items()}
        self._write({**counter, "pk": pk, "sk": sk, **sums})

    def _read(self, pk: str, sk: str) -> Item | None:
        found = self._items.get((pk, sk))
        return None if found is None else _copied(found)

    def _write(self, item: Item) -> None:
        kept = _kept_map(item)
        pk, sk = kept["pk"], kept["sk"]
        if not (pk and sk and type(pk) is type(sk) is str):
            raise ValueError(f"the key {pk!r}, {sk!r} is not two texts that say something")
        if not _surely_small(kept) and _size(kept) > MAX_ITEM_BYTES:
            raise ValueError(f"item {pk}, {sk} is over DynamoDB's 400 KB")
        self._items[pk, sk] = kept


def _kept_map(value: Item) -> Item:
    "".join(value).encode()  # raises unless every name is a text
    return {name: _kept(inner) for name, inner in value.items()}


def _kept(value: Any) -> Any:
    """The value as it is read back. What is not plainly harmless takes the real encoding, which raises what it must."""
    kind = type(value)
    if kind is str:
        if not value.isascii():
            value.encode()  # raises for half of a surrogate pair
        return value
    if kind is bool or value is None or (kind is int and -EXACT < value < EXACT):
        return value
    if kind is float and 1e-100 < abs(value) < EXACT_FLOAT:
        return int(value) if value.is_integer() else value
    if kind is dict:
        return _kept_map(value)
    if kind is list or kind is tuple:
        return [_kept(inner) for inner in value]
    return decoded(encoded(value))


def _copied(value: Any) -> Any:
    if type(value) is dict:
        return {name: _copied(inner) if type(inner) in _NESTED else inner for name, inner in value.items()}
    return [_copied(inner) for inner in value] if type(value) is list else value


def _surely_small(item: Item) -> bool:
    characters = 0
    for name, value in item.items():
        if type(value) in _NESTED:
            return False
        characters += len(name) + (len(value) if type(value) is str else 0)
    return characters < SURELY_SMALL


def _size(value: Any) -> int:
    """Bytes (DynamoDB developer guide, "Item sizes and formats")."""
    if isinstance(value, dict):
        return 3 + sum(1 + _size(name) + _size(inner) for name, inner in value.items())
    if isinstance(value, list):
        return 3 + sum(1 + _size(inner) for inner in value)
    if isinstance(value, str):
        return len(value.encode())
    return 1 if value is None or isinstance(value, bool) else len(str(value)) // 2 + 2


def _met(item: Item | None, expected: Mapping[str, Any]) -> bool:
    return item is not None and all(item.get(name) == value for name, value in expected.items())
