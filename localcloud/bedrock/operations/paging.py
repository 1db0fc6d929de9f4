"""Filters, order and pages that all List operations have in common."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from botocore.utils import parse_timestamp

from localcloud.bedrock.errors import ValidationException

_DEFAULT_PAGE = 100

Summary = dict[str, Any]


def select(
    summaries: Iterable[Summary],
    params: dict[str, Any],
    *,
    name: str,
    created: str = "creationTime",
    before: str = "creationTimeBefore",
    after: str = "creationTimeAfter",
) -> list[Summary]:
    """Those that match ``nameContains`` and the times, oldest last unless ``sortOrder`` is Ascending."""
    found = [each for each in summaries if params.get("nameContains", "") in each[name]]
    if before in params:
        found = [each for each in found if _moment(each[created]) < _moment(params[before])]
    if after in params:
        found = [each for each in found if _moment(each[created]) > _moment(params[after])]
    return sorted(found, key=lambda each: str(each[created]), reverse=params.get("sortOrder") != "Ascending")


def page(key: str, summaries: list[Summary], params: dict[str, Any]) -> dict[str, Any]:
    """One page under ``key``, with the token of the next one if there is more."""
    start = _offset(params.get("nextToken"))
    end = start + params.get("maxResults", _DEFAULT_PAGE)
    answer: dict[str, Any] = {key: summaries[start:end]}
    if end < len(summaries):
        answer["nextToken"] = base64.urlsafe_b64encode(str(end).encode()).decode()
    return answer


def _offset(token: str | None) -> int:
    if token is None:
        return 0
    try:
        return int(base64.urlsafe_b64decode(token))
    except (ValueError, binascii.Error):
        raise ValidationException("The provided nextToken is invalid.") from None


def _moment(text: str) -> datetime:
    moment: datetime = parse_timestamp(text)
    return moment
