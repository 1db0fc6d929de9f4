from __future__ import annotations

import json
from typing import Any

from localcloud.asgi import Message, Receive, Scope, Send
from localcloud.bedrock.call import Answer, Call
from localcloud.bedrock.front import Front, signed_for_bedrock

BEDROCK = b"AWS4-HMAC-SHA256 Credential=test/20261123/eu-west-1/bedrock/aws4_request, SignedHeaders=host, Signature=0"
S3 = BEDROCK.replace(b"/bedrock/", b"/s3/")


def scope(authorization: bytes, method: str = "GET", path: str = "/foundation-models") -> Scope:
    return {
        "type": "http",
        "method": method,
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "headers": [(b"authorization", authorization)],
    }


async def passed_on(scope: Scope, receive: Receive, send: Send) -> None:
    await send({"passed": scope["path"], "unread": await receive()})


async def call(request: Scope, **handlers: Any) -> list[Message]:
    sent: list[Message] = []

    async def receive() -> Message:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Message) -> None:
        sent.append(message)

    await Front(passed_on, handlers)(request, receive, send)
    return sent


def test_the_signature_says_for_which_service_and_region_a_request_is() -> None:
    assert signed_for_bedrock(scope(BEDROCK)) == "eu-west-1"
    assert signed_for_bedrock(scope(S3)) is None
    assert signed_for_bedrock({"headers": []}) is None


async def test_other_services_get_their_request_with_its_body_unread() -> None:
    [message] = await call(scope(S3, path="/foundation-models"))
    assert message["passed"] == "/foundation-models"
    assert "body" in message["unread"]


async def test_an_answer_that_aws_would_not_give_never_leaves() -> None:
    async def wrong(call: Call) -> Answer:
        return {"modelSummaries": [{"modelId": 5}]}

    start, body = await call(scope(BEDROCK), ListFoundationModels=wrong)
    assert start["status"] == 500
    assert "AWS would not give" in json.loads(body["body"])["message"]


async def test_known_and_unknown_routes_without_a_handler_are_told_apart() -> None:
    for path, status, said in (
        ("/foundation-models", 501, "ListFoundationModels (bedrock) is not served"),
        ("/nothing/here", 404, "no operation at GET /nothing/here"),
    ):
        start, body = await call(scope(BEDROCK, path=path))
        assert start["status"] == status
        assert (b"x-amzn-ErrorType", b"UnknownOperationException") in start["headers"]
        assert said in json.loads(body["body"])["message"]
