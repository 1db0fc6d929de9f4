from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from unittest.mock import patch

import botocore.auth
import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import ReadOnlyCredentials
from hypothesis import given
from hypothesis import strategies as st

from shared.signing import Signer, host_of

words = st.text("abcdefghijklmnopqrstuvwxyz0123456789-", min_size=1, max_size=20)
secrets = st.text(st.characters(codec="ascii", min_codepoint=33), min_size=1, max_size=60)
values = st.text(st.characters(codec="ascii", min_codepoint=32), max_size=40)
keys = st.builds(ReadOnlyCredentials, words, secrets, st.none() | secrets, st.none())
headers = st.dictionaries(st.sampled_from(["Content-Type", "X-Amz-Target", "x-amzn-query-mode", "Accept"]), values)
urls = st.sampled_from([
    "https://sqs.us-east-1.amazonaws.com", "https://SQS.eu-west-1.amazonaws.com:443/", "http://127.0.0.1:4566",
    "http://[::1]:4566/a/../b//c/", "https://vpce-1.example:8443/prefix/한 글", "http://user:pass@host/%7Ex~y",
])  # fmt: skip
times = st.datetimes(datetime(1971, 1, 1), datetime(9000, 1, 1), timezones=st.just(UTC))


def by_botocore(
    url: str, region: str, service: str, headers: dict[str, str], body: bytes, credentials: Any, at: datetime
) -> dict[str, str]:
    request = AWSRequest("POST", url, headers=headers, data=body)
    with patch.object(botocore.auth, "get_current_datetime", lambda: at):
        SigV4Auth(credentials, service, region).add_auth(request)
    return dict(request.headers.items())


@given(urls, words, words, headers, st.binary(max_size=200), keys, times)
def test_a_signature_is_the_one_that_botocore_makes(
    url: str, region: str, service: str, headers: dict[str, str], body: bytes, credentials: Any, at: datetime
) -> None:
    ours = Signer(url, region, service).signed(headers, body, credentials, at.timestamp())
    assert ours.pop("Host") == host_of(url)
    assert ours == by_botocore(url, region, service, headers, body, credentials, at)


@given(st.lists(st.tuples(keys, times), min_size=2, max_size=5))
def test_the_kept_key_of_a_day_never_signs_for_another_day_or_another_secret(moments: list[Any]) -> None:
    signer = Signer("http://h", "r", "s")
    for credentials, at in moments:
        ours = signer.signed({}, b"body", credentials, at.timestamp())
        assert ours["Authorization"] == by_botocore("http://h", "r", "s", {}, b"body", credentials, at)["Authorization"]


@dataclass(frozen=True)
class Keys:
    access_key: str = "AKIDEXAMPLE"
    secret_key: str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY"
    token: str | None = None


def test_the_vanilla_post_of_awss_own_test_suite_is_signed_as_it_says() -> None:
    at = datetime(2015, 8, 30, 12, 36, tzinfo=UTC).timestamp()
    signed = Signer("https://example.amazonaws.com", "us-east-1", "service").signed({}, b"", Keys(), at)
    assert signed["Authorization"] == (
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "
        "SignedHeaders=host;x-amz-date, Signature=5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"
    )


def test_headers_that_are_passed_in_are_not_changed() -> None:
    given = {"A": "b"}
    Signer("http://h", "r", "s").signed(given, b"", Keys(token="t"), 0)
    assert given == {"A": "b"}


@pytest.mark.parametrize(
    ("url", "host"),
    [
        ("https://Sqs.example", "sqs.example"),
        ("https://sqs.example:443", "sqs.example"),
        ("https://sqs.example:80", "sqs.example:80"),
        ("http://sqs.example:80", "sqs.example"),
        ("http://[::1]:4566/x", "[::1]:4566"),
    ],
)
def test_the_host_is_named_as_the_service_reads_it(url: str, host: str) -> None:
    assert host_of(url) == host
