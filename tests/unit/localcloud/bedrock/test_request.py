from __future__ import annotations

import base64
import json

import pytest

from localcloud.bedrock.errors import ValidationException
from localcloud.bedrock.request import parse
from localcloud.bedrock.routes import match


def parsed(
    method: str, path: str, *, query: str = "", headers: dict[str, str] | None = None, body: bytes = b""
) -> object:
    found = match(method, path)
    assert found is not None
    return parse(found.operation, found.labels, query, headers or {}, body)


def test_labels_query_and_body_end_up_in_one_dictionary() -> None:
    assert parsed("GET", "/custom-models", query="maxResults=5&isOwned=true&nameContains=a%20b") == {
        "maxResults": 5,
        "isOwned": True,
        "nameContains": "a b",
    }


def test_a_payload_member_takes_the_body_as_it_is() -> None:
    headers = {"content-type": "application/json", "x-amzn-bedrock-trace": "ENABLED"}
    assert parsed("POST", "/model/m/invoke", headers=headers, body=b"\x00raw") == {
        "modelId": "m",
        "body": b"\x00raw",
        "contentType": "application/json",
        "trace": "ENABLED",
    }


def test_blobs_inside_json_are_decoded() -> None:
    body = {
        "messages": [
            {
                "role": "user",
                "content": [
                    {
                        "document": {
                            "format": "txt",
                            "name": "d",
                            "source": {"bytes": base64.b64encode(b"\x01").decode()},
                        }
                    },
                ],
            }
        ]
    }
    params = parsed("POST", "/model/m/converse", body=json.dumps(body).encode())
    assert isinstance(params, dict)
    assert params["messages"][0]["content"][0]["document"]["source"]["bytes"] == b"\x01"


def test_nulls_and_unknown_members_are_ignored() -> None:
    body = json.dumps({"messages": [], "system": None, "somethingNew": 1}).encode()
    assert parsed("POST", "/model/m/converse", body=body) == {"modelId": "m", "messages": []}


def test_documents_keep_every_member() -> None:
    body = json.dumps({"additionalModelRequestFields": {"top_k": 5, "x": None}}).encode()
    params = parsed("POST", "/model/m/converse", body=body)
    assert params == {"modelId": "m", "additionalModelRequestFields": {"top_k": 5, "x": None}}


@pytest.mark.parametrize("body", [b"{", b"[]", b"\xff", b'"text"'])
def test_a_body_that_is_no_json_object_is_refused(body: bytes) -> None:
    with pytest.raises(ValidationException, match="request body"):
        parsed("POST", "/model/m/converse", body=body)
