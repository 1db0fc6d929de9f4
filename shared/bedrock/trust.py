"""Whether a role lets Bedrock take it for a customization job, by its trust policy. Pure.

Source: Amazon Bedrock user guide, "Create a service role for model customization"; AWS IAM user guide, "IAM JSON policy
element reference". Only conditions on account and source ARN are judged; of any other, Bedrock has the last word.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from typing import Any
from urllib.parse import unquote

SERVICE = "bedrock.amazonaws.com"
ASSUME = "sts:AssumeRole"
_KEYS = ("aws:sourceaccount", "aws:sourcearn")


def distrust(policy: Mapping[str, Any] | str, *, account: str, jobs: str) -> str | None:
    """Why Bedrock may not take a role with this trust policy; None when nothing speaks against it.

    ``account`` is the caller's; ``jobs`` an ARN of a customization job of its region.
    """
    said = {"aws:sourceaccount": account, "aws:sourcearn": jobs}
    statements = [each for each in _statements(policy) if _is_about_bedrock(each)]
    if any(each.get("Effect") == "Deny" and not _unmet(each, said) for each in statements):
        return f"its trust policy denies {ASSUME} to {SERVICE}"
    allowing = [each for each in statements if each.get("Effect") == "Allow"]
    if not allowing:
        return f"its trust policy does not allow {ASSUME} to {SERVICE}"
    unmet = [_unmet(each, said) for each in allowing]
    return None if None in unmet else f"its trust policy allows {SERVICE} to take it only where {unmet[0]}"


def _statements(policy: Any) -> list[Mapping[str, Any]]:
    """IAM itself answers with URL-encoded JSON, which SDKs mostly have decoded."""
    if isinstance(policy, str):
        policy = json.loads(policy if policy.lstrip().startswith("{") else unquote(policy))
    return [each for each in _several(policy.get("Statement")) if isinstance(each, Mapping)]


def _is_about_bedrock(statement: Mapping[str, Any]) -> bool:
    principal = statement.get("Principal")
    services = _several(principal.get("Service")) if isinstance(principal, Mapping) else _several(principal)
    actions = [str(action).lower() for action in _several(statement.get("Action"))]
    return any(name in (SERVICE, "*") for name in services) and any(
        fnmatchcase(ASSUME.lower(), action) for action in actions
    )


def _unmet(statement: Mapping[str, Any], said: Mapping[str, str]) -> str | None:
    """The first condition that a job of ours does not meet, in words."""
    for operator, key, wanted in _conditions(statement):
        value = said[key]
        equal = operator.startswith("stringequals")  # ARN operators take wildcards, both of them
        if not any(value == each if equal else fnmatchcase(value, each) for each in wanted):
            return f"{key} is {' or '.join(wanted)}"
    return None


def _conditions(statement: Mapping[str, Any]) -> Iterator[tuple[str, str, list[str]]]:
    """Operator, key and values of the conditions that are judged, names in lower case."""
    for operator, keys in statement.get("Condition", {}).items():
        if not str(operator).lower().startswith(("stringequals", "stringlike", "arnequals", "arnlike")):
            continue
        for key, values in keys.items():
            if key.lower() in _KEYS:
                yield operator.lower(), key.lower(), [str(value) for value in _several(values)]


def _several(value: Any) -> list[Any]:
    """IAM takes one thing where several may stand."""
    if value is None:
        return []
    return list(value) if isinstance(value, list | tuple) else [value]
