"""The premises of a customization job in memory: files are those of a store, quotas are used by a fake Bedrock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from shared.bedrock.deployments import UNITS as UNITS_EACH
from shared.bedrock.deployments import kind_of
from shared.bedrock.premises import Place, Trust, Unknown
from shared.bedrock.quotas import JOBS, UNITS, Quota, Standing
from shared.store.ports import ObjectStore

ROLE = "arn:aws:iam::123456789012:role/groundtune-bedrock"
TRUSTED: dict[str, Any] = {
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "bedrock.amazonaws.com"}, "Action": "sts:AssumeRole"},
    ]
}


class FakePremises:
    """``said_of_role`` and ``said_of_bucket`` may be changed; of a quota that ``limits`` lacks nobody knows anything.

    ``bedrock`` is a FakeBedrock: what is made there uses quotas up.
    """

    role = ROLE

    def __init__(self, objects: ObjectStore, bedrock: Any) -> None:
        self._objects = objects
        self._bedrock = bedrock
        self.said_of_role: Trust | Unknown = Trust(TRUSTED)
        self.said_of_bucket: Place | Unknown = Place(True)
        self.limits: Mapping[Quota, float] = {}

    async def trust(self) -> Trust | Unknown:
        return self.said_of_role

    async def bucket(self) -> Place | Unknown:
        return self.said_of_bucket

    async def file(self, key: str) -> Place | Unknown:
        return Place(await self._objects.head(key) is not None)

    async def standing(self, quota: Quota) -> Standing:
        limit = self.limits.get(quota)
        return Standing(quota, limit, None if limit is None else self._used(quota))

    def _used(self, quota: Quota) -> int:
        statuses = [job.status for job in self._bedrock.jobs.values()]
        if quota is JOBS:
            return statuses.count("InProgress")
        if quota is UNITS:
            return sum(UNITS_EACH for arn in self._bedrock.deployments if kind_of(arn) == "provisioned")
        return statuses.count("Completed")
