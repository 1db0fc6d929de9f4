"""The client against a server of its own, through aiobotocore's real connections."""

from __future__ import annotations

import asyncio
import json
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from ipaddress import IPv4Address
from pathlib import Path
from typing import Any

import pytest
from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from aiohttp import ClientOSError, web
from aiohttp.test_utils import RawTestServer, unused_port
from botocore.credentials import ReadOnlyCredentials
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from shared.aws import calling
from shared.aws_json import AwsJson, JsonService, connected
from shared.errors import CloudError, Retryable, Unreachable
from shared.signing import Signer

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]
OFF = 1_000.0
"""Seconds that a wrong clock is off."""


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Keys of a test, and nothing of the machine's own."""
    for name in ("HTTP_PROXY", "http_proxy", "AWS_PROFILE", "AWS_CA_BUNDLE", "REQUESTS_CA_BUNDLE", "AWS_ENDPOINT_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("AWS_CONFIG_FILE", str(tmp_path / "config"))
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "credentials"))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    for name, value in (("ACCESS_KEY_ID", "key"), ("SECRET_ACCESS_KEY", "secret"), ("SESSION_TOKEN", "token")):
        monkeypatch.setenv(f"AWS_{name}", value)


async def echo(request: web.BaseRequest) -> web.Response:
    return web.json_response({"target": request.headers["X-Amz-Target"], "content": json.loads(await request.read())})


@asynccontextmanager
async def serving(handler: Handler, **arguments: Any) -> AsyncIterator[RawTestServer]:
    server = RawTestServer(handler)
    await server.start_server(**arguments)
    try:
        yield server
    finally:
        await server.close()


@asynccontextmanager
async def calling_server(
    handler: Handler, config: AioConfig | None = None, service: str = "sqs"
) -> AsyncIterator[AwsJson]:
    async with AsyncExitStack() as stack:
        server = await stack.enter_async_context(serving(handler))
        endpoint = f"http://127.0.0.1:{server.port}"
        yield await stack.enter_async_context(client_of(endpoint, config, service))


def client_of(endpoint: str, config: AioConfig | None = None, service: str = "sqs") -> Any:
    return connected(get_session(), service, config or AioConfig(), region="eu-west-1", endpoint=endpoint)


async def test_a_call_is_a_signed_post_of_json() -> None:
    seen: list[tuple[dict[str, str], bytes]] = []

    async def look(request: web.BaseRequest) -> web.Response:
        seen.append((dict(request.headers), await request.read()))
        return await echo(request)

    async with calling_server(look) as client:
        answer = await client.call("SendMessage", {"MessageBody": "한글"})
    assert answer == {"target": "AmazonSQS.SendMessage", "content": {"MessageBody": "한글"}}
    ((headers, body),) = seen
    assert body == '{"MessageBody":"한글"}'.encode()
    names = ("Content-Type", "X-Amz-Target", "x-amzn-query-mode")
    at = datetime.strptime(headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
    keys = ReadOnlyCredentials("key", "secret", "token", None)
    signer = Signer(f"http://{headers['Host']}", "eu-west-1", "sqs")
    assert signer.signed({name: headers[name] for name in names}, body, keys, at).items() <= headers.items()


async def test_a_service_of_json_1_1_is_addressed_as_its_model_says() -> None:
    async def kind(request: web.BaseRequest) -> web.Response:
        return web.json_response({"kind": request.headers["Content-Type"], "target": request.headers["X-Amz-Target"]})

    async with calling_server(kind, service="events") as client:
        answer = await client.call("PutEvents", {})
    assert answer == {"kind": "application/x-amz-json-1.1", "target": "AWSEvents.PutEvents"}


async def test_without_an_endpoint_it_is_the_one_that_aiobotocore_resolves(monkeypatch: pytest.MonkeyPatch) -> None:
    async with serving(echo) as server:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SQS", f"http://127.0.0.1:{server.port}")
        monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")
        async with connected(get_session(), "sqs", AioConfig()) as client:
            assert (await client.call("ListQueues", {}))["target"] == "AmazonSQS.ListQueues"


async def test_nothing_is_sent_twice_when_a_server_fails() -> None:
    calls: list[str] = []

    async def fail(request: web.BaseRequest) -> web.Response:
        calls.append(request.path)
        return web.Response(status=503)

    async with calling_server(fail) as client:
        with pytest.raises(Retryable), calling("queue q"):
            await client.call("ReceiveMessage", {})
    assert len(calls) == 1


async def test_an_endpoint_where_nothing_listens_is_unreachable() -> None:
    endpoint = f"http://127.0.0.1:{unused_port()}"
    async with client_of(endpoint) as client:
        with pytest.raises(Unreachable, match=endpoint), calling("queue q"):
            await client.call("ReceiveMessage", {})


@pytest.mark.parametrize("reset", [True, False])
async def test_a_connection_that_breaks_off_is_worth_another_try(reset: bool) -> None:
    async def break_off(request: web.BaseRequest) -> web.Response:
        assert request.transport is not None
        request.transport.abort() if reset else request.transport.close()
        return web.Response()

    async with calling_server(break_off) as client:
        with pytest.raises(Retryable), calling("queue q"):
            await client.call("ReceiveMessage", {})


async def test_a_kept_connection_that_was_reset_meanwhile_is_worth_another_try(monkeypatch: pytest.MonkeyPatch) -> None:
    # whether the client meets a reset or an end depends on when it looks: this is the reset
    async with calling_server(echo) as client:
        await client.call("ListQueues", {})

        async def reset(*arguments: Any, **more: Any) -> Any:
            raise ClientOSError(104, "Connection reset by peer")

        monkeypatch.setattr("aiohttp.ClientSession._request", reset)
        with pytest.raises(Retryable, match="connection failed"), calling("queue q"):
            await client.call("ListQueues", {})


async def test_an_answer_that_does_not_come_in_time_is_worth_another_try() -> None:
    async def hang(request: web.BaseRequest) -> web.Response:
        await asyncio.sleep(30)
        return web.Response()

    async with calling_server(hang, AioConfig(read_timeout=0.05)) as client:
        with pytest.raises(Retryable), calling("queue q"):
            await client.call("ReceiveMessage", {})


async def test_sockets_and_their_number_are_those_of_the_config() -> None:
    made: list[socket.socket] = []
    together: list[int] = []
    running = 0

    def factory(address: Any) -> socket.socket:
        made.append(socket.socket(*address[:3]))
        return made[-1]

    async def count(request: web.BaseRequest) -> web.Response:
        nonlocal running
        running += 1
        together.append(running)
        await asyncio.sleep(0.01)
        running -= 1
        return web.Response()

    config = AioConfig(max_pool_connections=2, connector_args={"socket_factory": factory})
    async with calling_server(count, config) as client:
        await asyncio.gather(*(client.call("ListQueues", {}) for _ in range(6)))
    assert len(made) == max(together) == 2


async def test_without_credentials_a_person_is_told_so(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY"):
        monkeypatch.delenv(f"AWS_{name}")
    async with calling_server(echo) as client:
        with pytest.raises(CloudError, match="no AWS credentials"), calling("queue q"):
            await client.call("ReceiveMessage", {})


async def test_a_proxy_of_the_environment_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    async def forward(request: web.BaseRequest) -> web.Response:
        asked.append(str(request.url))
        return await echo(request)

    async with serving(forward) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        async with client_of("http://sqs.invalid") as client:
            await client.call("ListQueues", {})
    assert asked == ["http://sqs.invalid/"]


async def test_the_ca_bundle_of_the_environment_decides_who_is_trusted(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    context = certified(tmp_path)
    async with serving(echo, ssl=context) as server:
        endpoint = f"https://127.0.0.1:{server.port}"
        async with client_of(endpoint) as client:
            with pytest.raises(Retryable, match="SSL"), calling("queue q"):
                await client.call("ListQueues", {})
        monkeypatch.setenv("AWS_CA_BUNDLE", str(tmp_path / "certificate.pem"))
        async with client_of(endpoint) as client:
            assert (await client.call("ListQueues", {}))["content"] == {}


def certified(folder: Path) -> ssl.SSLContext:
    """A server's TLS with a certificate that only ``certificate.pem`` vouches for."""
    key, name = ec.generate_private_key(ec.SECP256R1()), x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "t")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(1).not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(IPv4Address("127.0.0.1"))]), critical=False)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    pem = serialization.Encoding.PEM
    plain = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "key.pem").write_bytes(plain)
    (folder / "certificate.pem").write_bytes(certificate.public_bytes(pem))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(folder / "certificate.pem", folder / "key.pem")
    return context


@dataclass
class Renewing:
    """Credentials that are others each time, as renewed ones are."""

    given: int = 0

    async def get_frozen_credentials(self) -> ReadOnlyCredentials:
        self.given += 1
        return ReadOnlyCredentials(f"key-{self.given}", "secret", None, None)


@dataclass
class Answered:
    status_code: int
    headers: dict[str, str]
    body: bytes = b"{}"

    @property
    async def content(self) -> bytes:
        return self.body


@dataclass
class Checking:
    """A service with a clock of its own that refuses signatures five minutes off; ``code`` is how it says so."""

    clock: Callable[[], float]
    code: str = "InvalidSignatureException"
    wrong_key: bool = False
    dated: bool = True
    keys: list[str] = field(default_factory=list)

    async def send(self, request: Any) -> Answered:
        await asyncio.sleep(0)
        self.keys.append(request.headers["Authorization"].split("=")[1].split("/")[0])
        signed = datetime.strptime(request.headers["X-Amz-Date"], "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC).timestamp()
        date = format_datetime(datetime.fromtimestamp(self.clock(), UTC), usegmt=True)
        headers = {"date": date} if self.dated else {}
        if not self.wrong_key and abs(signed - self.clock()) < 300:
            return Answered(200, headers)
        return Answered(403, headers, json.dumps({"__type": self.code, "message": "Signature expired"}).encode())


NOW = datetime(2026, 11, 23, 12, tzinfo=UTC).timestamp()
SERVICE = JsonService("http://sqs", "eu-west-1", "sqs", "AmazonSQS", {})


def client_with(http: Checking, now: Callable[[], float] = lambda: NOW) -> AwsJson:
    return AwsJson(SERVICE, http, Renewing(), now)


async def test_each_request_is_signed_with_the_credentials_of_its_moment() -> None:
    http = Checking(lambda: NOW)
    client = client_with(http)
    await client.call("ListQueues", {})
    await client.call("ListQueues", {})
    assert http.keys == ["key-1", "key-2"]


@pytest.mark.parametrize("code", ["RequestTimeTooSkewed", "InvalidSignatureException", "SignatureDoesNotMatch"])
@pytest.mark.parametrize("off", [OFF, -OFF])
async def test_a_clock_that_is_off_is_corrected_by_the_services_own(code: str, off: float) -> None:
    http = Checking(lambda: NOW + off, code)
    client = client_with(http)
    await client.call("ListQueues", {})
    await client.call("ListQueues", {})
    assert len(http.keys) == 3 and client.skew_s == off


async def test_calls_that_are_under_way_together_all_come_through_a_wrong_clock() -> None:
    http = Checking(lambda: NOW + OFF)
    client = client_with(http)
    assert await asyncio.gather(*(client.call("ListQueues", {}) for _ in range(5))) == [{}] * 5


async def test_a_clock_that_is_put_right_is_followed() -> None:
    ours = NOW - OFF
    http = Checking(lambda: NOW)
    client = client_with(http, lambda: ours)
    await client.call("ListQueues", {})
    ours = NOW
    await client.call("ListQueues", {})
    assert client.skew_s == 0


async def test_a_wrong_key_is_refused_once_whatever_the_clock_says() -> None:
    http = Checking(lambda: NOW + 200, "SignatureDoesNotMatch", wrong_key=True)
    client = client_with(http)
    with pytest.raises(CloudError, match="SignatureDoesNotMatch"), calling("queue q"):
        await client.call("ListQueues", {})
    assert len(http.keys) == 1 and client.skew_s == 0


async def test_a_wrong_key_and_a_wrong_clock_are_tried_twice_and_no_more() -> None:
    http = Checking(lambda: NOW + OFF, wrong_key=True)
    with pytest.raises(CloudError), calling("queue q"):
        await client_with(http).call("ListQueues", {})
    assert len(http.keys) == 2


async def test_a_refusal_without_a_date_says_nothing_about_the_clock() -> None:
    http = Checking(lambda: NOW + OFF, dated=False)
    with pytest.raises(CloudError), calling("queue q"):
        await client_with(http).call("ListQueues", {})
    assert len(http.keys) == 1
