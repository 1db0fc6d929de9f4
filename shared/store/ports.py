"""The two places where anything is remembered, as small ports: S3 for artifacts, one DynamoDB table for state."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Any, Protocol

Item = dict[str, Any]
"""A table item: ``pk`` and ``sk`` (strings) and JSON-like values (str, int, float, bool, None, list, dict)."""


@dataclass(frozen=True)
class Addition:
    """What became of an addition. ``item``: after it when ``done``, else as it was when the condition failed; None
    when there was none."""

    done: bool
    item: Item | None


@dataclass(frozen=True)
class StoredObject:
    """An object as a listing shows it. ``etag`` comes without quotes, ``modified`` as Unix time."""

    key: str
    etag: str
    size: int
    metadata: Mapping[str, str] | None = None
    modified: float | None = None


class ObjectStore(Protocol):
    """Bytes by key, written whole or not at all. ``bucket`` defaults to groundtune's own."""

    bucket: str

    async def get(self, key: str, *, bucket: str | None = None, limit: int | None = None) -> bytes:
        """The object's bytes. Raises KeyError when there is none, and ObjectTooBig, with nothing read, when it has
        more than ``limit`` bytes."""
        ...

    async def put(
        self, key: str, body: bytes, *, content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> str:  # fmt: skip
        """Writes the object; returns its etag."""
        ...

    async def get_file(self, key: str, path: Path) -> None:
        """Writes the object's bytes to a local file, never holding them all. Raises KeyError when there is no object;
        what fails midway leaves no file."""
        ...

    async def put_file(
        self, key: str, path: Path, *, content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> str:  # fmt: skip
        """Writes the object from a local file, never holding all its bytes; returns its etag."""
        ...

    async def head(self, key: str, *, bucket: str | None = None) -> StoredObject | None:
        """The object's etag, size and metadata; None when there is none."""
        ...

    def list(self, prefix: str, *, bucket: str | None = None) -> AsyncIterator[StoredObject]:
        """Objects under a prefix in key order (no metadata)."""
        ...

    async def delete(self, key: str) -> None:
        """Removes the object; no error when there is none."""
        ...


ONE_DONE: Mapping[str, int] = MappingProxyType({"done": 1})


class Table(Protocol):
    """One DynamoDB table keyed by ``pk`` and ``sk``. All reads are consistent."""

    async def get(self, pk: str, sk: str) -> Item | None: ...

    async def query(self, pk: str, prefix: str = "") -> list[Item]:
        """Items of a partition whose ``sk`` starts with ``prefix``, in ``sk`` order."""
        ...

    async def put(self, item: Item) -> None:
        """Writes the item, replacing what was there."""
        ...

    async def create(self, item: Item) -> Item | None:
        """Writes the item if none has its key. Returns None when written, else the item that was there."""
        ...

    async def replace(self, item: Item, *, expected: Mapping[str, Any]) -> bool:
        """Writes the item only if the stored one has all of ``expected``'s values; else nothing, and False."""
        ...

    async def update(
        self, pk: str, sk: str, values: Mapping[str, Any], *, expected: Mapping[str, Any] | None = None
    ) -> bool:
        """Sets some attributes of an existing item, under the same condition; False when not met or no item."""
        ...

    async def delete(self, pk: str, sk: str) -> None: ...

    async def add(
        self, pk: str, sk: str, amounts: Mapping[str, int], *, at_most: Mapping[str, int] | None = None,
        at_least: Mapping[str, int] | None = None,
    ) -> Addition:  # fmt: skip
        """Adds to numbers of an item in one write; a missing item or number counts as 0.

        Only if each number named in ``at_most`` or ``at_least`` is no more, or no less, than that before the addition.
        Nobody repeats it after a lost answer: an addition is made once or, when that is raised as Retryable, perhaps.
        """
        ...

    async def count_once(
        self, pk: str, sk: str, item: Item, counter_sk: str, *, amounts: Mapping[str, int] = ONE_DONE,
        at_most: Mapping[str, int] | None = None,
    ) -> bool:  # fmt: skip
        """In one transaction writes ``item`` at (pk, sk) if absent and adds ``amounts`` to (pk, counter_sk).

        False when it was there, or a number named in ``at_most`` is more than that before the addition: nothing is
        written or counted.
        """
        ...

    async def uncount_once(self, pk: str, sk: str, counter_sk: str, *, amounts: Mapping[str, int] = ONE_DONE) -> bool:
        """Takes ``count_once`` back, in one transaction. False when the item was not there: nothing is changed."""
        ...
