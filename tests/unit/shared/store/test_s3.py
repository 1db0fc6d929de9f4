"""The object store against a server of its own, through aiobotocore's real connections."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from aiohttp import web
from aiohttp.test_utils import RawTestServer
from botocore.exceptions import EndpointConnectionError

from shared.errors import CloudError, NotProvisioned, ObjectTooBig, Retryable, Unreachable
from shared.store.s3 import S3ObjectStore
from shared.store.s3_files import PART_BYTES


@asynccontextmanager
async def answering(answer: web.StreamResponse | bytes) -> AsyncIterator[S3ObjectStore]:
    """A store whose bucket gives this answer to every read; bytes go over the wire as they are, and that ends it."""

    async def read(request: web.BaseRequest) -> web.StreamResponse:
        if not isinstance(answer, bytes):
            return answer
        assert request.transport is not None
        request.transport.write(answer)
        request.transport.close()
        await asyncio.sleep(0)
        return web.Response()

    server = RawTestServer(read)
    await server.start_server()
    config = AioConfig(s3={"addressing_style": "path"}, retries={"total_max_attempts": 1})
    client = get_session().create_client(
        "s3", region_name="us-east-1", endpoint_url=f"http://127.0.0.1:{server.port}", config=config,
        aws_access_key_id="key", aws_secret_access_key="secret",
    )  # fmt: skip
    try:
        async with client as s3:
            yield S3ObjectStore(s3, "b")
    finally:
        await server.close()


def refusal(code: str, status: int) -> web.Response:
    body = f"<Error><Code>{code}</Code><Message>because</Message></Error>"
    return web.Response(status=status, text=body, content_type="application/xml")


@pytest.mark.parametrize(
    ("code", "status", "kind"),
    [
        ("NoSuchKey", 404, KeyError),
        ("NoSuchBucket", 404, NotProvisioned),
        ("AccessDenied", 403, CloudError),
        ("InternalError", 500, Retryable),
        ("SlowDown", 503, Retryable),
    ],
)
async def test_each_refusal_of_a_read_is_an_error_that_says_what_to_do_with_it(
    code: str, status: int, kind: type[Exception]
) -> None:
    async with answering(refusal(code, status)) as objects:
        with pytest.raises(kind):
            await objects.get("k")


async def test_a_body_that_breaks_off_is_worth_another_try() -> None:
    torn = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nETag: x\r\n\r\nonly the beginning"
    async with answering(torn) as objects:
        with pytest.raises(Retryable, match="bucket b"):
            await objects.get("k")


async def test_a_file_that_breaks_off_is_worth_another_try_and_is_not_left_there(tmp_path: Path) -> None:
    torn = b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\nETag: x\r\n\r\nonly the beginning"
    async with answering(torn) as objects:
        with pytest.raises(Retryable, match="bucket b"):
            await objects.get_file("k", tmp_path / "file")
    assert not os.listdir(tmp_path)


class FailingUpload:
    """An S3 client whose third part fails; it knows which uploads are open."""

    def __init__(self) -> None:
        self.open: set[str] = set()
        self.parts: list[int] = []

    async def create_multipart_upload(self, **arguments: Any) -> dict[str, str]:
        self.open.add("upload")
        return {"UploadId": "upload"}

    async def upload_part(self, *, PartNumber: int, Body: bytes, **arguments: Any) -> dict[str, str]:
        if PartNumber == 3:
            raise EndpointConnectionError(endpoint_url="http://x.example")
        self.parts.append(len(Body))
        return {"ETag": str(PartNumber)}

    async def abort_multipart_upload(self, *, UploadId: str, **arguments: Any) -> None:
        self.open.remove(UploadId)


async def test_an_upload_that_fails_midway_is_taken_back(tmp_path: Path) -> None:
    with (tmp_path / "file").open("wb") as file:
        file.truncate(2 * PART_BYTES + 1)
    client = FailingUpload()
    with pytest.raises(Unreachable):
        await S3ObjectStore(client, "b").put_file("k", tmp_path / "file")
    assert (client.open, client.parts) == (set(), [PART_BYTES, PART_BYTES])


async def test_what_is_above_the_limit_is_refused_before_its_body_comes() -> None:
    # the body never comes: whoever waited for it would find that it broke off
    endless = b"HTTP/1.1 200 OK\r\nContent-Length: 50000000000000\r\nETag: x\r\n\r\n"
    async with answering(endless) as objects:
        with pytest.raises(ObjectTooBig) as raised:
            await objects.get("k", limit=1_000)
    assert (raised.value.size, raised.value.limit) == (50_000_000_000_000, 1_000)
