from __future__ import annotations

from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError

from shared.bedrock.errors import translated
from shared.errors import GroundtuneError, Poison, Retryable, Throttled


def refused(code: str, status: int = 400) -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": "why"}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "Converse")


@pytest.mark.parametrize(
    ("error", "kind"),
    [
        (refused("ThrottlingException", 429), Throttled),
        (refused("ServiceQuotaExceededException"), Throttled),
        (refused("ModelNotReadyException", 429), Retryable),
        (refused("SomethingNew", 503), Retryable),
        (EndpointConnectionError(endpoint_url="http://127.0.0.1:1"), Retryable),
        (refused("ValidationException"), Poison),
        (refused("AccessDeniedException", 403), Poison),
    ],
)
def test_each_error_is_of_one_kind_and_says_what_was_done(error: Exception, kind: type[GroundtuneError]) -> None:
    found = translated(error, "Converse with model m")
    assert type(found) is kind
    assert "Converse with model m" in str(found)
