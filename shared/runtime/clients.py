"""The clients of one process or thread: all of one session, so that credentials are renewed in one place."""

from __future__ import annotations

import socket
from contextlib import AsyncExitStack
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.parsers import ResponseParserError

from shared.aws_json import AwsJson, connected
from shared.aws_retries import Retrying
from shared.runtime.queue import MAX_WAIT_S
from shared.settings import Settings
from shared.store.dynamodb import DynamoTable

KEEPALIVE_IDLE_S = 60
"""NAT gateways and load balancers drop silent connections after 350 s without a word."""
CONNECT_TIMEOUT_S = 5
READ_TIMEOUT_S = 30
ASKING_TIMEOUT_S = 10
POOL = 50
"""Connections of one client."""
TRIES = 4
"""Of the SDK, where it is the SDK that retries."""


class Clients:
    """Makes clients, each with a connection pool of its own; ``stack`` closes them."""

    def __init__(self, settings: Settings, stack: AsyncExitStack) -> None:
        self._settings = settings
        self._stack = stack
        self._session = get_session()

    async def make(self, service: str, *, read_timeout: float = READ_TIMEOUT_S, tries: int = TRIES) -> Any:
        """An aiobotocore client, which retries by itself."""
        config = _config(read_timeout, retries={"mode": "standard", "total_max_attempts": tries})
        client = self._session.create_client(
            service, region_name=self._settings.region, endpoint_url=self._settings.endpoint, config=config
        )
        return await self._stack.enter_async_context(client)

    async def asking(self, service: str) -> Any:
        """A client for questions that need no answer: it neither waits long nor asks twice."""
        return await self.make(service, read_timeout=ASKING_TIMEOUT_S, tries=1)

    async def lean(self, service: str, *, read_timeout: float = READ_TIMEOUT_S) -> AwsJson:
        """A client of a service that speaks JSON, for the calls that each message makes; it retries nothing."""
        where = {"region": self._settings.region, "endpoint": self._settings.endpoint}
        client = connected(self._session, service, _config(read_timeout), **where)
        return await self._stack.enter_async_context(client)

    async def sqs(self, *, read_timeout: float = READ_TIMEOUT_S) -> AwsJson:
        return await self.lean("sqs", read_timeout=read_timeout)

    async def table(self) -> DynamoTable:
        """The state table."""
        once = await self.lean("dynamodb")
        return DynamoTable(Retrying(once), self._settings.table, once=once)

    async def polling(self) -> AwsJson:
        """A client of SQS whose receives outlast a long poll."""
        return await self.sqs(read_timeout=MAX_WAIT_S + 15)

    async def account(self) -> tuple[str, str]:
        """Account and partition of the credentials in use."""
        try:
            identity = await (await self.make("sts")).get_caller_identity()
            return str(identity["Account"]), str(identity["Arn"]).split(":")[1] or "aws"
        except (KeyError, IndexError) as error:
            raise ResponseParserError("its answer to GetCallerIdentity holds no account") from error


def _config(read_timeout: float, **more: Any) -> AioConfig:
    return AioConfig(
        connect_timeout=CONNECT_TIMEOUT_S, read_timeout=read_timeout, max_pool_connections=POOL,
        s3={"addressing_style": "path"}, connector_args={"socket_factory": _socket}, **more,
    )  # fmt: skip


def _socket(address: Any) -> socket.socket:
    """A socket that notices a silently dropped connection; botocore's own keepalive option does not reach aiohttp."""
    family, kind, protocol, *_ = address
    made = socket.socket(family=family, type=kind, proto=protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_KEEPIDLE"):
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, KEEPALIVE_IDLE_S)
    return made
