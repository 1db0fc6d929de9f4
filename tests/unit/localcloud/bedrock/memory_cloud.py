"""The rest of a cloud in memory, for the jobs of the local Bedrock."""

from __future__ import annotations

import json
from typing import Any

from localcloud.bedrock.cloud import Missing


class MemoryCloud:
    """Objects of the one bucket ``b``, those that a SIGKILL would leave, and the states that were announced."""

    def __init__(self, objects: dict[str, bytes]) -> None:
        self.objects = objects
        self.kept: dict[str, bytes] = {}
        self.states: list[str] = []

    async def check_bucket(self, bucket: str, region: str) -> None:
        if bucket != "b":
            raise Missing(f"s3://{bucket}")

    async def keys(self, bucket: str, prefix: str, region: str) -> list[str]:
        return sorted(key for key in self.objects if key.startswith(prefix))

    async def read(self, bucket: str, key: str, region: str) -> bytes:
        if key not in self.objects:
            raise Missing(f"s3://{bucket}/{key}")
        return self.objects[key]

    async def write(self, bucket: str, key: str, body: bytes, region: str) -> None:
        self.objects[key] = body

    async def keep(self) -> None:
        self.kept = dict(self.objects)

    async def put_event(self, entry: dict[str, Any], region: str) -> None:
        detail = json.loads(entry["Detail"])
        self.states.append(detail.get("status") or detail["jobStatus"])
