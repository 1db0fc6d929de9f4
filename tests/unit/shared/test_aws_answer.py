from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.exceptions import ClientError, HTTPClientError

from shared.aws import translate
from shared.aws_answer import Answer
from shared.errors import CloudError, NotProvisioned, Retryable, Throttled

URL = "https://sqs.example"
MISSING = "AWS.SimpleQueueService.NonExistentQueue"


def refusal(status: int, body: Any, headers: dict[str, str] | None = None) -> ClientError:
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    with pytest.raises(ClientError) as raised:
        Answer(status, headers or {}, content).content("SendMessage", URL)
    return raised.value


@pytest.mark.parametrize(
    ("body", "content"), [(b'{"Messages":[]}', {"Messages": []}), (b"", {}), ('{"a":"한"}'.encode(), {"a": "한"})]
)
def test_a_good_answer_is_its_json(body: bytes, content: dict[str, Any]) -> None:
    assert Answer(200, {}, body).content("ReceiveMessage", URL) == content


@pytest.mark.parametrize(
    ("body", "headers", "code"),
    [
        ({"__type": "com.amazonaws.sqs#QueueDoesNotExist"}, {}, "QueueDoesNotExist"),
        ({"__type": "QueueDoesNotExist:http://internal.amazon.com/coral"}, {}, "QueueDoesNotExist"),
        ({"__type": "a.b#QueueDoesNotExist"}, {"x-amzn-query-error": f"{MISSING};Sender"}, MISSING),
        ({"__type": "ThrottlingException"}, {"x-amzn-query-error": "broken"}, "ThrottlingException"),
        ({"__type": "ThrottlingException"}, {"x-amzn-query-error": ";Sender"}, "ThrottlingException"),
        ({}, {"x-amzn-errortype": "ValidationException:http://x"}, "ValidationException"),
        ({}, {}, "400"),
        (b"", {}, "400"),
    ],
)
def test_the_code_is_the_one_that_botocore_finds(body: Any, headers: dict[str, str], code: str) -> None:
    assert refusal(400, body, headers).response["Error"]["Code"] == code


def test_a_refusal_carries_everything_that_was_said() -> None:
    body = {"__type": "x#TransactionCanceledException", "Message": "no", "CancellationReasons": [{"Code": "None"}]}
    error = refusal(400, body, {"x-amzn-requestid": "r1"})
    assert error.operation_name == "SendMessage" and "(TransactionCanceledException)" in str(error)
    assert error.response == {
        "Error": {"Code": "TransactionCanceledException", "Message": "no"},
        "CancellationReasons": [{"Code": "None"}],
        "ResponseMetadata": {
            "HTTPStatusCode": 400, "HTTPHeaders": {"x-amzn-requestid": "r1"}, "RetryAttempts": 0, "RequestId": "r1",
        },
    }  # fmt: skip


def test_whose_fault_it_is_and_the_newer_code_stand_beside_the_older_one() -> None:
    error = refusal(400, {"__type": "s#QueueDoesNotExist"}, {"x-amzn-query-error": f"{MISSING};Sender"})
    assert error.response["Error"] == {
        "Code": MISSING, "QueryErrorCode": "QueueDoesNotExist", "Type": "Sender", "Message": "",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, b'{"__type":"a#QueueDoesNotExist"}', NotProvisioned),
        (403, b'{"__type":"a#ExpiredTokenException"}', CloudError),
        (403, b'{"__type":"a#InvalidSignatureException"}', CloudError),
        (400, b'{"__type":"a#RequestTimeTooSkewed"}', CloudError),
        (400, b'{"__type":"a#RequestThrottled"}', Throttled),
        (400, b'{"__type":"a#KmsThrottled"}', Throttled),
        (400, b'{"__type":"a#RequestTimeoutException"}', Retryable),
        (500, b'{"__type":"a#InternalFailure"}', Retryable),
        (503, b"<html>Service Unavailable</html>", Retryable),
        (502, b"", Retryable),
        (429, b"slow down", Throttled),
        (403, b"<html>proxy says no</html>", CloudError),
        (407, b"<html>who are you?</html>", CloudError),
    ],
)
def test_each_refusal_becomes_one_of_our_errors(status: int, body: bytes, kind: type[Exception]) -> None:
    assert type(translate(refusal(status, body), "queue q")) is kind


@pytest.mark.parametrize("body", [b"<html>log in first</html>", b"[1]", b'"text"', b"{", b"\xff\xfe\xff"])
@pytest.mark.parametrize("status", [200, 302, 404])
def test_what_is_no_json_object_is_no_answer_of_the_service(status: int, body: bytes) -> None:
    with pytest.raises(HTTPClientError, match=f"{URL} answered with HTTP {status}") as raised:
        Answer(status, {}, body).content("ReceiveMessage", URL)
    assert type(translate(raised.value, "queue q")) is Retryable


def test_a_caller_s_mistake_stays_botocores_error() -> None:
    assert translate(refusal(400, {"__type": "a#InvalidAddress"}), "queue q") is None
