"""The contract of ``shared.store.ports.ObjectStore``."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from shared.errors import ObjectTooBig
from shared.store.ports import ObjectStore
from shared.store.s3_files import PART_BYTES

Case = Callable[[ObjectStore], Awaitable[None]]


async def what_is_put_is_read_back(objects: ObjectStore) -> None:
    etag = await objects.put("a/한글 file+1.txt", b"body", content_type="text/plain", metadata={"Title": "t"})
    assert await objects.get("a/한글 file+1.txt") == b"body"
    head = await objects.head("a/한글 file+1.txt")
    assert head is not None
    assert (head.etag, head.size, head.metadata) == (etag, 4, {"title": "t"})
    assert '"' not in etag


async def a_missing_object_is_a_key_error_and_no_head(objects: ObjectStore) -> None:
    with pytest.raises(KeyError):
        await objects.get("nothing")
    assert await objects.head("nothing") is None


async def what_is_above_the_limit_is_not_read(objects: ObjectStore) -> None:
    await objects.put("four", b"body")
    assert await objects.get("four", limit=4) == b"body"
    with pytest.raises(ObjectTooBig) as raised:
        await objects.get("four", limit=3)
    assert (raised.value.size, raised.value.limit) == (4, 3)
    assert await objects.get("four") == b"body"


async def a_listing_has_every_key_under_the_prefix_in_order(objects: ObjectStore) -> None:
    keys = [f"list/{n:04d}" for n in range(25)]
    for key in [*reversed(keys), "listing"]:
        await objects.put(key, b"x")
    assert [found.key async for found in objects.list("list/")] == keys
    assert [found.key async for found in objects.list("absent/")] == []


async def a_put_replaces_the_whole_object(objects: ObjectStore) -> None:
    first = await objects.put("k", b"longer than the second")
    assert await objects.put("k", b"short") != first
    assert await objects.get("k") == b"short"


async def delete_removes_and_forgives(objects: ObjectStore) -> None:
    await objects.put("gone", b"")
    await objects.delete("gone")
    await objects.delete("gone")
    assert await objects.head("gone") is None


async def a_file_is_stored_and_read_back(objects: ObjectStore) -> None:
    with TemporaryDirectory() as folder:
        for name, size in (("empty", 0), ("small", 5), ("large", 2 * PART_BYTES + 1)):
            path, back, body = Path(folder, name), Path(folder, "back"), _body(size)
            await asyncio.to_thread(path.write_bytes, body)
            etag = await objects.put_file(f"files/{name}", path, metadata={"Title": "t"})
            await objects.get_file(f"files/{name}", back)
            assert await asyncio.to_thread(back.read_bytes) == body
            head = await objects.head(f"files/{name}")
            assert head is not None
            assert (head.etag, head.size, head.metadata) == (etag, size, {"title": "t"})


async def a_missing_object_is_a_key_error_and_no_file(objects: ObjectStore) -> None:
    with TemporaryDirectory() as folder:
        with pytest.raises(KeyError):
            await objects.get_file("nothing", Path(folder, "file"))
        assert not os.listdir(folder)


def _body(size: int) -> bytes:
    return (bytes(n * n % 251 for n in range(997)) * (size // 997 + 1))[:size]


CASES: list[Case] = [
    what_is_put_is_read_back, a_missing_object_is_a_key_error_and_no_head, what_is_above_the_limit_is_not_read,
    a_listing_has_every_key_under_the_prefix_in_order, a_put_replaces_the_whole_object, delete_removes_and_forgives,
    a_file_is_stored_and_read_back, a_missing_object_is_a_key_error_and_no_file,
]  # fmt: skip
