"""A lean client of one service that speaks AWS JSON 1.0 or 1.1 (SQS, DynamoDB, EventBridge).

It goes the way of aiobotocore's clients, with their credentials, endpoint, TLS, proxies and connections, and leaves out
their middle part (parameter validation, events, response shapes), which costs more than all the rest of a call.
"""

from __future__ import annotations

import json
import socket
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
from typing import Any, Protocol
from urllib.parse import urlsplit

from aiobotocore.config import AioConfig
from aiobotocore.httpsession import AIOHTTPSession
from aiohttp import ClientConnectorError
from botocore.awsrequest import AWSPreparedRequest
from botocore.exceptions import ClientError, ConnectionClosedError, EndpointConnectionError, NoCredentialsError

from shared.aws_answer import Answer
from shared.cloud_errors import CLOCK, code_of
from shared.signing import Signer

SKEW_S = 240
"""AWS refuses signatures five minutes off its own clock; less than this was not why."""
UNSIGNED = {"User-Agent": "groundtune"}
"""Proxies may change it."""
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


class JsonClient(Protocol):
    """Calls operations of one service by their names in its API."""

    async def call(self, operation: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """The answer's content. Raises what botocore would."""
        ...


@dataclass(frozen=True)
class JsonService:
    """How a service is addressed; ``target`` is its prefix in ``X-Amz-Target``."""

    url: str
    region: str
    signing_name: str
    target: str
    headers: Mapping[str, str]

    @classmethod
    def of(cls, meta: Any) -> JsonService:
        """From the ``meta`` of a botocore client: what it has resolved and what the service's model says."""
        model = meta.service_model.metadata
        headers = {"Content-Type": f"application/x-amz-json-{model['jsonVersion']}"}
        if "awsQueryCompatible" in model:
            headers["x-amzn-query-mode"] = "true"  # asks for the error codes of the older protocol
        url = meta.endpoint_url if urlsplit(meta.endpoint_url).path else f"{meta.endpoint_url}/"
        return cls(url, meta.region_name, meta.service_model.signing_name, model["targetPrefix"], headers)


class AwsJson:
    """Calls operations by their names in the service's API. Nothing is retried but a signature with a wrong clock.

    ``http`` sends requests as botocore's sessions do; ``credentials`` are aiobotocore's, None when none were found.
    """

    def __init__(self, service: JsonService, http: Any, credentials: Any, now: Callable[[], float] = time.time) -> None:
        self.skew_s = 0.0
        """The service's clock minus ours, once a signature was refused over it (seconds)."""
        self._service = service
        self._http = http
        self._credentials = credentials
        self._now = now
        self._signer = Signer(service.url, service.region, service.signing_name)

    async def call(self, operation: str, content: Mapping[str, Any]) -> dict[str, Any]:
        """The answer's content.

        Raises botocore's ClientError for a refusal, its ConnectionError or HTTPClientError for what befell the
        network, and NoCredentialsError.
        """
        body = _encode(content).encode()
        skew = self.skew_s
        answer = await self._sent(operation, body)
        try:
            return answer.content(operation, self._service.url)
        except ClientError as error:
            if not self._mistimed(answer, error, skew):
                raise
        return (await self._sent(operation, body)).content(operation, self._service.url)

    async def _sent(self, operation: str, body: bytes) -> Answer:
        if self._credentials is None:
            raise NoCredentialsError
        keys = await self._credentials.get_frozen_credentials()
        service = self._service
        headers = {**service.headers, "X-Amz-Target": f"{service.target}.{operation}"}
        signed = self._signer.signed(headers, body, keys, self._now() + self.skew_s)
        request = AWSPreparedRequest("POST", service.url, {**signed, **UNSIGNED}, body, stream_output=False)
        try:
            response = await self._http.send(request)
        except EndpointConnectionError as error:
            if isinstance(error.kwargs.get("error"), ClientConnectorError | socket.gaierror):
                raise
            # an open connection was reset, which passes: the endpoint is there
            raise ConnectionClosedError(endpoint_url=service.url, request=request, error=error) from error
        return Answer(response.status_code, response.headers, await response.content)

    def _mistimed(self, answer: Answer, error: ClientError, assumed_s: float) -> bool:
        """Whether a signature was refused over its time, which assumed a skew; then the service's time is ours.

        A laptop that slept and a container that was frozen wake up with an old clock.
        """
        if code_of(error) not in CLOCK:
            return False
        try:
            skew = parsedate_to_datetime(answer.headers["date"]).timestamp() - self._now()
        except (KeyError, ValueError):
            return False
        if abs(skew - assumed_s) <= SKEW_S:
            return False
        self.skew_s = skew
        return True


@asynccontextmanager
async def connected(
    session: Any, service: str, config: AioConfig, *, region: str | None = None, endpoint: str | None = None
) -> AsyncIterator[AwsJson]:
    """A client of a service, such as ``sqs``, with a connection pool of its own as ``config`` says.

    ``session`` is an aiobotocore session; it resolves what ``region`` and ``endpoint`` leave open.
    """
    made: list[AIOHTTPSession] = []

    def remembered(**arguments: Any) -> AIOHTTPSession:
        made.append(AIOHTTPSession(**arguments))
        return made[-1]

    # aiobotocore makes the client's connections from everything that it has resolved, and closes them with the client
    config = config.merge(AioConfig(http_session_cls=remembered))
    async with session.create_client(service, region_name=region, endpoint_url=endpoint, config=config) as client:
        yield AwsJson(JsonService.of(client.meta), made[-1], await session.get_credentials())
