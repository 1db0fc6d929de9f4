"""Quotas of a foundation model, where a faults file sets some: by themselves the local Bedrock has none."""

from __future__ import annotations

from localcloud.bedrock.backend import Backend
from localcloud.bedrock.errors import ServiceQuotaExceededException
from localcloud.bedrock.faults.rules import Quota


def check_quota(backend: Backend, base: str, kind: str, wanted: int = 1) -> None:
    """``kind``: a key of a faults file's ``quota``. Raises ServiceQuotaExceededException."""
    most = backend.faults.quota(kind, base)
    used = _used(backend, base, kind)
    if most is not None and used + wanted > most:
        raise ServiceQuotaExceededException(
            f"The request would exceed the quota of {most} {kind.replace('_', ' ')} for {base}; {used} are in use."
        )


def _used(backend: Backend, base: str, kind: str) -> int:
    tables = backend.tables
    by_kind = {
        "customization_jobs": [1 for each in tables.jobs if each.base == base and each.running],
        "invocation_jobs": [1 for each in tables.invocation_jobs if each.base == base and each.running],
        "deployments": [1 for each in tables.deployments if _base(backend, each.model_arn) == base],
        "model_units": [each.units for each in tables.throughputs if each.base == base],
    }
    assert by_kind.keys() == Quota.model_fields.keys()
    return sum(by_kind[kind])


def _base(backend: Backend, model_arn: str) -> str | None:
    model = backend.tables.models.get(model_arn)
    return model.base if model else None
