"""What a customization job needs around it: a role, files, quotas. Asked of AWS, judged elsewhere."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from shared.bedrock.quotas import Quota, Standing


@dataclass(frozen=True)
class Unknown:
    """Nobody could say: ``why`` is the service's word."""

    why: str


@dataclass(frozen=True)
class Trust:
    """A role's trust policy; None: there is no such role."""

    policy: Mapping[str, Any] | str | None


@dataclass(frozen=True)
class Place:
    """A bucket or an object in S3. ``region`` is the bucket's where S3 has said it."""

    there: bool
    region: str | None = None


class Premises(Protocol):
    """Nothing here raises for what cannot be asked: a service that is not offered or not allowed leaves it Unknown.

    ``role`` is the ARN of the role that Bedrock takes for jobs.
    """

    @property
    def role(self) -> str: ...

    async def trust(self) -> Trust | Unknown: ...

    async def bucket(self) -> Place | Unknown:
        """The bucket that jobs read from and write to."""
        ...

    async def file(self, key: str) -> Place | Unknown: ...

    async def standing(self, quota: Quota) -> Standing: ...
