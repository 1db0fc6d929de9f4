"""Operations that get the trouble which a faults file has for them."""

from __future__ import annotations

import asyncio
from typing import Any

from localcloud.bedrock.backend import Backend
from localcloud.bedrock.call import Answer, Call, Handler

_NAMES = (
    "modelId", "baseModelIdentifier", "modelIdentifier", "modelArn", "jobIdentifier", "provisionedModelId",
    "customModelDeploymentIdentifier",
)  # fmt: skip
"""Parameters that name a model, or a thing that has one."""


def troubled(backend: Backend, operation: str, handler: Handler) -> Handler:
    """The handler, but for what ``backend.faults`` does to its calls."""
    if not backend.faults.possible:
        return handler

    async def handle(call: Call) -> Answer:
        trouble = backend.faults.of_call(operation, models_of(backend, call.params))
        if trouble.latency_s:
            await asyncio.sleep(trouble.latency_s)
        if trouble.error:
            raise trouble.error
        return await handler(call)

    return handle


def models_of(backend: Backend, params: dict[str, Any]) -> tuple[str, ...]:
    """The name that a call gives, then the id of the foundation model under it where that is another."""
    given = next((params[name] for name in _NAMES if name in params), None)
    if given is None:
        return ()
    base = _base(backend, given)
    return (given,) if base in (None, given) else (given, base)


def _base(backend: Backend, identifier: str) -> Any:
    found = backend.catalog.find(identifier)
    if found:
        return found.id
    tables = backend.tables
    deployed = next((each for each in tables.deployments if identifier in (each.arn, each.name)), None)
    if deployed:
        identifier = deployed.model_arn
    rows = (*tables.models, *tables.throughputs, *tables.jobs, *tables.invocation_jobs)
    return next((row.base for row in rows if identifier in (row.arn, row.name, row.arn.rsplit("/", 1)[-1])), None)
