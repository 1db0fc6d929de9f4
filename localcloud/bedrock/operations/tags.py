"""Tags of jobs, custom models and deployments."""

from __future__ import annotations

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
    tables = backend.tables
    found = tables.jobs.get(arn) or tables.models.get(arn) or tables.deployments.get(arn)
    if found is None:
        raise ResourceNotFoundException(f"Could not find resource {arn}.")
    return found.tags


def _replace(backend: Backend, arn: str, tags: Tags) -> None:
    tables = backend.tables
    if job := tables.jobs.get(arn):
        job.tags = tags
        tables.jobs.put(arn, job)
    if model := tables.models.get(arn):
        model.tags = tags
        tables.models.put(arn, model)
    if deployment := tables.deployments.get(arn):
        deployment.tags = tags
        tables.deployments.put(arn, deployment)
