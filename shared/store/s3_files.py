"""Files to Amazon S3 and back, a piece at a time: what is large is put in parts, a few of them under way at once.

A multipart upload is whole or nothing as a put is: the object appears when the last call completes it. One that fails
is taken back; of a process that died midway the parts stay until the bucket's lifecycle removes them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from shared.concurrency import gathered

PART_BYTES = 16 * 1024 * 1024
MAX_PARTS = 10_000
"""S3's limit of an upload."""
AT_ONCE = 4
"""Parts under way, each held in memory."""
PIECE_BYTES = 1024 * 1024
"""Read from the connection at once."""


async def download(client: Any, bucket: str, key: str, path: Path) -> None:
    """Writes an object to a file; no file is left when that fails. Raises what botocore and aiohttp raise."""
    answer = await client.get_object(Bucket=bucket, Key=key)
    try:
        async with answer["Body"] as body:
            file = await asyncio.to_thread(path.open, "wb")
            with file:
                async for piece in body.iter_chunks(PIECE_BYTES):
                    await asyncio.to_thread(file.write, piece)
    except BaseException:
        _remove(path)
        raise


async def upload(client: Any, bucket: str, key: str, path: Path, headers: Mapping[str, Any]) -> str:
    """Writes a file as an object; returns its etag as S3 gives it. ``headers``: ContentType and Metadata."""
    size = _size(path)
    if size <= PART_BYTES:
        body = await asyncio.to_thread(path.read_bytes)
        return str((await client.put_object(Bucket=bucket, Key=key, Body=body, **headers))["ETag"])
    started = await client.create_multipart_upload(Bucket=bucket, Key=key, **headers)
    where = {"Bucket": bucket, "Key": key, "UploadId": started["UploadId"]}
    try:
        parts = await gathered(
            (_part(client, where, number, path, place) for number, place in enumerate(_places(size), 1)), AT_ONCE
        )
        completed = await client.complete_multipart_upload(MultipartUpload={"Parts": parts}, **where)
    except BaseException:
        with suppress(Exception):  # what went wrong before says more
            await asyncio.shield(client.abort_multipart_upload(**where))
        raise
    return str(completed["ETag"])


def _size(path: Path) -> int:
    return path.stat().st_size


def _remove(path: Path) -> None:
    path.unlink(missing_ok=True)


def _places(size: int) -> list[range]:
    """The bytes of each part: as few as ``PART_BYTES`` each, as many as ``MAX_PARTS`` demands."""
    step = max(PART_BYTES, -(-size // MAX_PARTS))
    return [range(start, min(start + step, size)) for start in range(0, size, step)]


async def _part(client: Any, where: Mapping[str, str], number: int, path: Path, place: range) -> dict[str, Any]:
    body = await asyncio.to_thread(_read, path, place)
    answer = await client.upload_part(PartNumber=number, Body=body, **where)
    return {"PartNumber": number, "ETag": answer["ETag"]}


def _read(path: Path, place: range) -> bytes:
    with path.open("rb") as file:
        file.seek(place.start)
        return file.read(len(place))
