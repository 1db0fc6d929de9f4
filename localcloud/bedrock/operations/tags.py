"""Tags of all that can have them."""

from __future__ import annotations

from typing import Any

from localcloud.bedrock.backend import Backend
from localcloud.bedrock.call import Answer, Call
from localcloud.bedrock.errors import ResourceNotFoundException
from localcloud.bedrock.resources import Tags


async def list_tags(backend: Backend, call: Call) -> Answer:
    return {"tags": _tags(backend, call.params["resourceARN"])}


async def tag(backend: Backend, call: Call) -> Answer:
    arn, added = call.params["resourceARN"], call.params["tags"]
    replaced = {each["key"] for each in added}
    kept = [each for each in _tags(backend, arn) if each["key"] not in replaced]
    _replace(backend, arn, kept + added)
    return {}


async def untag(backend: Backend, call: Call) -> Answer:
    arn, removed = call.params["resourceARN"], set(call.params["tagKeys"])
    _replace(backend, arn, [each for each in _tags(backend, arn) if each["key"] not in removed])
    return {}


def _tags(backend: Backend, arn: str) -> Tags:
    tags: Tags = _table(backend, arn).get(arn).tags
    return tags


def _replace(backend: Backend, arn: str, tags: Tags) -> None:
    table = _table(backend, arn)
    found = table.get(arn)
    found.tags = tags
    table.put(arn, found)


def _table(backend: Backend, arn: str) -> Any:
    """The table that has a resource. Raises ResourceNotFoundException."""
    tables = backend.tables
    tagged = (
        tables.jobs, tables.models, tables.deployments, tables.throughputs, tables.invocation_jobs, tables.guardrails,
    )  # fmt: skip
    for table in tagged:
        if table.get(arn):
            return table
    raise ResourceNotFoundException(f"Could not find resource {arn}.")
