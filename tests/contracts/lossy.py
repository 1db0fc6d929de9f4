"""A table whose answers get lost: the write was done, and the SDK, none the wiser, sends it again."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from shared.store.ports import ONE_DONE, Addition, Item, Table

T = TypeVar("T")


class LossyTable:
    """``table`` behind a wire that loses answers of conditional writes when told so. ``reads`` counts gets."""

    def __init__(self, table: Table) -> None:
        self._table = table
        self._lost: list[str] = []
        self._between: Callable[[], Awaitable[object]] | None = None
        self.reads = 0

    def lose(self, operation: str, between: Callable[[], Awaitable[object]] | None = None) -> None:
        """Loses the next answer of ``create``, ``replace`` or ``update``; ``between`` the tries somebody else acts."""
        self._lost.append(operation)
        self._between = between

    async def get(self, pk: str, sk: str) -> Item | None:
        self.reads += 1
        return await self._table.get(pk, sk)

    async def create(self, item: Item) -> Item | None:
        return await self._carried("create", lambda: self._table.create(item))

    async def replace(self, item: Item, *, expected: Mapping[str, Any]) -> bool:
        return await self._carried("replace", lambda: self._table.replace(item, expected=expected))

    async def update(
        self, pk: str, sk: str, values: Mapping[str, Any], *, expected: Mapping[str, Any] | None = None
    ) -> bool:
        return await self._carried("update", lambda: self._table.update(pk, sk, values, expected=expected))

    async def _carried(self, operation: str, write: Callable[[], Awaitable[T]]) -> T:
        if operation in self._lost:
            self._lost.remove(operation)
            await write()
            between, self._between = self._between, None
            if between is not None:
                await between()
        return await write()

    async def query(self, pk: str, prefix: str = "") -> list[Item]:
        return await self._table.query(pk, prefix)

    async def put(self, item: Item) -> None:
        await self._table.put(item)

    async def delete(self, pk: str, sk: str) -> None:
        await self._table.delete(pk, sk)

    async def add(
        self, pk: str, sk: str, amounts: Mapping[str, int], *, at_most: Mapping[str, int] | None = None,
        at_least: Mapping[str, int] | None = None,
    ) -> Addition:  # fmt: skip
        return await self._table.add(pk, sk, amounts, at_most=at_most, at_least=at_least)

    async def count_once(
        self, pk: str, sk: str, item: Item, counter_sk: str, *, amounts: Mapping[str, int] = ONE_DONE,
        at_most: Mapping[str, int] | None = None,
    ) -> bool:  # fmt: skip
        return await self._table.count_once(pk, sk, item, counter_sk, amounts=amounts, at_most=at_most)

    async def uncount_once(self, pk: str, sk: str, counter_sk: str, *, amounts: Mapping[str, int] = ONE_DONE) -> bool:
        return await self._table.uncount_once(pk, sk, counter_sk, amounts=amounts)
