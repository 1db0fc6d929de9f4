"""The object store on Amazon S3."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

from botocore.exceptions import ClientError

from shared.aws import calling
from shared.cloud_errors import code_of
from shared.errors import ObjectTooBig
from shared.store.ports import StoredObject
from shared.store.s3_files import download, upload

ABSENT = frozenset({"NoSuchKey", "404", "NotFound"})


class S3ObjectStore:
    """Objects of ``bucket`` through an aiobotocore S3 client; S3 itself makes each put whole or nothing."""

    def __init__(self, client: Any, bucket: str) -> None:
        self._client = client
        self.bucket = bucket

    async def get(self, key: str, *, bucket: str | None = None, limit: int | None = None) -> bytes:
        bucket = bucket or self.bucket
        try:
            with calling(f"bucket {bucket}"):
                answer = await self._client.get_object(Bucket=bucket, Key=key)
                async with answer["Body"] as body:
                    if limit is not None and (size := int(answer["ContentLength"])) > limit:
                        raise ObjectTooBig(key, size, limit)
                    return bytes(await body.read())
        except ClientError as error:
            if code_of(error) in ABSENT:
                raise KeyError(key) from None
            raise

    async def put(
        self, key: str, body: bytes, *, content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> str:  # fmt: skip
        with calling(f"bucket {self.bucket}"):
            answer = await self._client.put_object(
                Bucket=self.bucket, Key=key, Body=body, ContentType=content_type, Metadata=dict(metadata or {})
            )
        return _unquoted(answer["ETag"])

    async def get_file(self, key: str, path: Path) -> None:
        try:
            with calling(f"bucket {self.bucket}"):
                await download(self._client, self.bucket, key, path)
        except ClientError as error:
            if code_of(error) in ABSENT:
                raise KeyError(key) from None
            raise

    async def put_file(
        self, key: str, path: Path, *, content_type: str = "application/octet-stream",
        metadata: Mapping[str, str] | None = None,
    ) -> str:  # fmt: skip
        headers = {"ContentType": content_type, "Metadata": dict(metadata or {})}
        with calling(f"bucket {self.bucket}"):
            return _unquoted(await upload(self._client, self.bucket, key, path, headers))

    async def head(self, key: str, *, bucket: str | None = None) -> StoredObject | None:
        bucket = bucket or self.bucket
        try:
            with calling(f"bucket {bucket}"):
                answer = await self._client.head_object(Bucket=bucket, Key=key)
        except ClientError as error:
            if code_of(error) in ABSENT:
                return None
            raise
        metadata = dict(answer.get("Metadata", {}))
        return StoredObject(key, _unquoted(answer["ETag"]), int(answer["ContentLength"]), metadata, _unix(answer))

    async def list(self, prefix: str, *, bucket: str | None = None) -> AsyncIterator[StoredObject]:
        bucket = bucket or self.bucket
        with calling(f"bucket {bucket}"):
            pages = self._client.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix)
            async for page in pages:
                for entry in page.get("Contents", []):
                    yield StoredObject(entry["Key"], _unquoted(entry["ETag"]), int(entry["Size"]), None, _unix(entry))

    async def delete(self, key: str) -> None:
        with calling(f"bucket {self.bucket}"):
            await self._client.delete_object(Bucket=self.bucket, Key=key)


def _unix(answer: Mapping[str, Any]) -> float | None:
    modified = answer.get("LastModified")
    return modified.timestamp() if modified else None


def _unquoted(etag: str) -> str:
    return etag.strip('"')
