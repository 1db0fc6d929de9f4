from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError

from shared.errors import CloudError, Poison, Retryable
from shared.runtime.claimcheck import LIMIT, POINTER, THRESHOLD, checked_in, checked_out
from shared.runtime.message import Attribute, Message, Outgoing
from shared.testing import MemoryObjectStore


def pointer(bucket: str, key: str, *, kind: str = POINTER) -> str:
    return json.dumps([kind, {"s3BucketName": bucket, "s3Key": key}])


def received(message: Outgoing) -> Message:
    return Message("id", "receipt", message.body, 0.0, attributes=message.attributes)


async def test_a_small_body_travels_itself() -> None:
    objects = MemoryObjectStore()
    message = Outgoing("x" * THRESHOLD)
    assert await checked_in(message, objects) is message
    assert await checked_out(received(message), objects) == message.body
    assert objects.contents == {}


async def test_a_big_body_lies_in_s3_under_its_hash_and_comes_back() -> None:
    objects = MemoryObjectStore()
    message = Outgoing("한" * THRESHOLD, {"kept": Attribute("v")}, delay_s=7)
    sent = await checked_in(message, objects)
    kind, pointer = json.loads(sent.body)
    assert kind == "software.amazon.payloadoffloading.PayloadS3Pointer"
    assert set(pointer) == {"s3BucketName", "s3Key"} and pointer["s3Key"].startswith("claim-check/")
    assert sent.attributes["ExtendedPayloadSize"] == Attribute(str(3 * THRESHOLD), "Number")
    assert sent.attributes["kept"] == Attribute("v") and sent.delay_s == 7
    assert await checked_out(received(sent), objects) == message.body
    assert await checked_in(message, objects) == sent


@pytest.mark.parametrize("kind", [POINTER, "com.amazon.sqs.javamessaging.MessageS3Pointer"])
@pytest.mark.parametrize("attribute", ["ExtendedPayloadSize", "SQSLargePayloadSize"])
async def test_both_spellings_of_javas_client_are_read(kind: str, attribute: str) -> None:
    objects = MemoryObjectStore()
    await objects.put("k", b"body")
    message = Outgoing(pointer(objects.bucket, "k", kind=kind), {attribute: Attribute("4", "Number")})
    assert await checked_out(received(message), objects) == "body"


@pytest.mark.parametrize(
    ("body", "said"),
    [
        (pointer("groundtune-test", "gone"), "s3://groundtune-test/gone"),
        (pointer("theirs", "k"), "bucket theirs"),
        (pointer("b", "k", kind="another.Pointer"), "another.Pointer"),
        (json.dumps([["no", "text"], {"s3BucketName": "b", "s3Key": "k"}]), "unknown form"),
        ("{}", "no readable pointer"),
        ("text", "no readable pointer"),
        ("[" * 100_000, "no readable pointer"),
        (pointer("groundtune-test", "\ud800"), "no readable pointer"),
        (pointer("groundtune-test", ""), "key has 0 bytes"),
        (pointer("groundtune-test", "한" * 342), "key has 1,026 bytes"),
    ],
)
async def test_a_pointer_that_leads_nowhere_is_poison_that_says_why(body: str, said: str) -> None:
    message = Outgoing(body, {"SQSLargePayloadSize": Attribute("1", "Number")})
    with pytest.raises(Poison, match=said):
        await checked_out(received(message), MemoryObjectStore())


def pointing(key: str) -> Message:
    """A message whose body lies in our bucket."""
    attributes = {"ExtendedPayloadSize": Attribute("1", "Number")}
    return Message("id", "receipt", pointer("groundtune-test", key), 0.0, attributes=attributes)


async def test_an_object_above_the_limit_is_poison_that_says_both_sizes() -> None:
    objects = MemoryObjectStore()
    await objects.put("most", b"x" * LIMIT)
    await objects.put("more", b"x" * (LIMIT + 1))
    assert len(await checked_out(pointing("most"), objects)) == LIMIT
    with pytest.raises(Poison, match=r"s3://groundtune-test/more has 67,108,865 bytes; 67,108,864 are read"):
        await checked_out(pointing("more"), objects)


async def test_an_object_that_is_no_text_is_poison() -> None:
    objects = MemoryObjectStore()
    await objects.put("k", b"\xff")
    with pytest.raises(Poison, match="not UTF-8"):
        await checked_out(pointing("k"), objects)


class Failing(MemoryObjectStore):
    """A store whose reads end with an error."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self._error = error

    async def get(self, key: str, *, bucket: str | None = None, limit: int | None = None) -> bytes:
        raise self._error


async def test_a_refusal_that_is_about_the_object_is_poison() -> None:
    archived = ClientError({"Error": {"Code": "InvalidObjectState", "Message": "it is archived"}}, "GetObject")
    with pytest.raises(Poison, match="cannot be read \\(InvalidObjectState: it is archived\\)"):
        await checked_out(pointing("k"), Failing(archived))


@pytest.mark.parametrize("error", [Retryable("5xx"), CloudError("no permission")])
async def test_what_passes_and_what_a_person_can_mend_is_no_fault_of_the_message(error: Exception) -> None:
    with pytest.raises(type(error)):
        await checked_out(pointing("k"), Failing(error))
