"""Guardrails with a contextual grounding policy, words, or both: create, read, list, delete. Each is a draft only."""

from __future__ import annotations

from collections import Counter
from typing import Any

from localcloud.bedrock import arns
from localcloud.bedrock.backend import Backend
from localcloud.bedrock.call import Answer, Call
from localcloud.bedrock.errors import ConflictException, ResourceNotFoundException, ValidationException
from localcloud.bedrock.operations import word_policy
from localcloud.bedrock.operations.paging import page, select
from localcloud.bedrock.resources import Guardrail

DRAFT = "DRAFT"
_POLICY = "contextualGroundingPolicyConfig"
_NOT_EMULATED = (
    "topicPolicyConfig", "contentPolicyConfig", "sensitiveInformationPolicyConfig", "automatedReasoningPolicyConfig",
    "crossRegionConfig",
)  # fmt: skip
_EMULATED = f"{_POLICY} and {word_policy.POLICY}"
_HIGHEST_THRESHOLD = 0.99


async def create_guardrail(backend: Backend, call: Call) -> Answer:
    """A repeated client token gives the guardrail that it made; a used name is a conflict."""
    request, kept = call.params, backend.tables.guardrails
    token, name = request.get("clientRequestToken"), request["name"]
    known = next((each for each in kept if token and each.token == token), None)
    if known is None:
        _check(request)
        if any(each.name == name for each in kept):
            raise ConflictException(f"Another guardrail in your account already has the name {name}.")
        arn = arns.guardrail(call.region, backend.account, arns.new_id())
        known = Guardrail(arn, name, token, request, request.get("tags", []))
        kept.put(arn, known)
    return {
        "guardrailId": arns.last_part(known.arn),
        "guardrailArn": known.arn,
        "version": DRAFT,
        "createdAt": known.created_at,
    }


async def get_guardrail(backend: Backend, call: Call) -> Answer:
    params = call.params
    guardrail = find(backend, params["guardrailIdentifier"], params.get("guardrailVersion", DRAFT))
    request = guardrail.request
    details: dict[str, Any] = {
        "name": guardrail.name,
        "guardrailId": arns.last_part(guardrail.arn),
        "guardrailArn": guardrail.arn,
        "version": DRAFT,
        "status": "READY",
        "createdAt": guardrail.created_at,
        "updatedAt": guardrail.created_at,
        "blockedInputMessaging": request["blockedInputMessaging"],
        "blockedOutputsMessaging": request["blockedOutputsMessaging"],
    }
    if _POLICY in request:
        details["contextualGroundingPolicy"] = {"filters": filters(guardrail)}
    if words := word_policy.words_of(request):
        details["wordPolicy"] = {"words": [{"text": word} for word in words], "managedWordLists": []}
    return details | ({"description": request["description"]} if "description" in request else {})


async def list_guardrails(backend: Backend, call: Call) -> Answer:
    """All, or the versions of one."""
    wanted = call.params.get("guardrailIdentifier")
    kept = list(backend.tables.guardrails) if wanted is None else [find(backend, wanted)]
    found = select([_summary(each) for each in kept], {}, name="name", created="createdAt")
    return page("guardrails", found, call.params)


async def delete_guardrail(backend: Backend, call: Call) -> Answer:
    version = call.params.get("guardrailVersion", DRAFT)
    backend.tables.guardrails.delete(find(backend, call.params["guardrailIdentifier"], version).arn)
    return {}


def find(backend: Backend, identifier: str, version: str = DRAFT) -> Guardrail:
    """By id or ARN. Raises ResourceNotFoundException, also for a numbered version."""
    for guardrail in backend.tables.guardrails:
        if version == DRAFT and identifier in (guardrail.arn, arns.last_part(guardrail.arn)):
            return guardrail
    raise ResourceNotFoundException(
        f"The guardrail identifier or version provided in the request does not exist: {identifier}, version {version}."
    )


def filters(guardrail: Guardrail) -> list[dict[str, Any]]:
    """``{type, threshold, action?, enabled?}`` as they were given."""
    found: list[dict[str, Any]] = guardrail.request.get(_POLICY, {}).get("filtersConfig", [])
    return found


def _check(request: dict[str, Any]) -> None:
    for policy in _NOT_EMULATED:
        if policy in request:
            raise ValidationException(f"{policy} is not emulated by the local Bedrock; {_EMULATED} are")
    word_policy.check(request)
    if _POLICY not in request and not word_policy.words_of(request):
        raise ValidationException(f"A guardrail needs a policy; the local Bedrock emulates {_EMULATED}")
    if "tierConfig" in request.get(_POLICY, {}):
        raise ValidationException(f"{_POLICY}.tierConfig is not emulated by the local Bedrock")
    wanted = request.get(_POLICY, {}).get("filtersConfig", [])
    for kind, count in Counter(each["type"] for each in wanted).items():
        if count > 1:
            raise ValidationException(f"{_POLICY} has {count} filters of type {kind}; it takes one of each type")
    for each in wanted:
        if each["threshold"] > _HIGHEST_THRESHOLD:
            raise ValidationException(
                f"The threshold of {each['type']} is {each['threshold']}; it must be from 0 to {_HIGHEST_THRESHOLD}"
            )


def _summary(guardrail: Guardrail) -> dict[str, Any]:
    request = guardrail.request
    summary = {
        "id": arns.last_part(guardrail.arn),
        "arn": guardrail.arn,
        "status": "READY",
        "name": guardrail.name,
        "version": DRAFT,
        "createdAt": guardrail.created_at,
        "updatedAt": guardrail.created_at,
    }
    return summary | ({"description": request["description"]} if "description" in request else {})
