"""The rest of the cloud as Bedrock uses it: S3, IAM and EventBridge over the wire, by an ordinary client."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from typing import Any

from aiobotocore.session import get_session
from botocore.exceptions import ClientError


class Missing(Exception):
    """Raised when a bucket, an object or a role does not exist or may not be read."""


class Cloud:
    """Clients of one endpoint, made when first used."""

    def __init__(self, endpoint: str, keep: Callable[[], Awaitable[None]]) -> None:
        self._endpoint = endpoint
        self.keep = keep
        """Writes what is in S3 to disk, where there is a state folder: then a SIGKILL does not lose it."""
        self._session = get_session()
        self._clients: dict[tuple[str, str], Any] = {}
        self._making = asyncio.Lock()
        self._open = AsyncExitStack()

    async def close(self) -> None:
        await self._open.aclose()

    async def role(self, arn: str, region: str) -> dict[str, Any]:
        """The role at this ARN. Raises Missing."""
        iam = await self._client("iam", region)
        try:
            found: dict[str, Any] = (await iam.get_role(RoleName=arn.rsplit("/", 1)[-1]))["Role"]
        except ClientError as error:
            raise Missing(arn) from error
        return found

    async def check_object(self, bucket: str, key: str, region: str) -> None:
        """Raises Missing when the object cannot be read."""
        s3 = await self._client("s3", region)
        try:
            await s3.head_object(Bucket=bucket, Key=key)
        except ClientError as error:
            raise Missing(f"s3://{bucket}/{key}") from error

    async def check_bucket(self, bucket: str, region: str) -> None:
        """Raises Missing when there is no such bucket."""
        s3 = await self._client("s3", region)
        try:
            await s3.head_bucket(Bucket=bucket)
        except ClientError as error:
            raise Missing(f"s3://{bucket}") from error

    async def read(self, bucket: str, key: str, region: str) -> bytes:
        """The object's bytes. Raises Missing."""
        s3 = await self._client("s3", region)
        try:
            answer = await s3.get_object(Bucket=bucket, Key=key)
            body: bytes = await answer["Body"].read()
        except ClientError as error:
            raise Missing(f"s3://{bucket}/{key}") from error
        return body

    async def keys(self, bucket: str, prefix: str, region: str) -> list[str]:
        """All keys that begin with this, in S3's order. Raises Missing when the bucket cannot be read."""
        s3 = await self._client("s3", region)
        pages = s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
        try:
            return [found["Key"] async for page in pages for found in page.get("Contents", [])]
        except ClientError as error:
            raise Missing(f"s3://{bucket}/{prefix}") from error

    async def write(self, bucket: str, key: str, body: bytes, region: str) -> None:
        """Raises Missing when the bucket is gone."""
        s3 = await self._client("s3", region)
        try:
            await s3.put_object(Bucket=bucket, Key=key, Body=body)
        except ClientError as error:
            raise Missing(f"s3://{bucket}/{key}") from error

    async def put_event(self, entry: dict[str, Any], region: str) -> None:
        events = await self._client("events", region)
        await events.put_events(Entries=[entry])

    async def _client(self, service: str, region: str) -> Any:
        async with self._making:
            if (service, region) not in self._clients:
                context = self._session.create_client(
                    service,
                    region_name=region,
                    endpoint_url=self._endpoint,
                    aws_access_key_id="test",
                    aws_secret_access_key="test",  # noqa: S106 - any key will do here
                )
                self._clients[service, region] = await self._open.enter_async_context(context)
            return self._clients[service, region]


def split_uri(uri: str) -> tuple[str, str]:
    """Bucket and key of ``s3://bucket/key``."""
    bucket, _, key = uri.removeprefix("s3://").partition("/")
    return bucket, key
