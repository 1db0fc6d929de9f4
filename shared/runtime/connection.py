"""The connection of one process to its cloud: one session, the clients made from it, and the services on top."""

from __future__ import annotations

import asyncio
import random
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from aiobotocore.config import AioConfig
from aiobotocore.session import get_session
from botocore.exceptions import BotoCoreError, ClientError

from shared.bedrock.cache import AnswerCache
from shared.bedrock.client import AwsBedrock
from shared.bedrock.ports import Bedrock
from shared.clock import Clock, SystemClock
from shared.cloud_errors import explained
from shared.errors import NotProvisioned
from shared.runtime.backoff import Backoff
from shared.runtime.bus import Bus, EventBridgeBus
from shared.runtime.grave import QueueGraveyards
from shared.runtime.queue import MAX_WAIT_S
from shared.runtime.sqs import SqsClients, SqsQueue
from shared.services import Services
from shared.settings import Settings
from shared.store.artifacts import Artifacts
from shared.store.corpora import Corpora
from shared.store.dynamodb import DynamoTable
from shared.store.fanin import FanIn
from shared.store.idempotency import IdempotencyStore
from shared.store.runs import Runs
from shared.store.s3 import S3ObjectStore
from shared.store.stored_events import EventArchive

KEEPALIVE_IDLE_S = 60
"""NAT gateways and load balancers drop silent connections after 350 s without a word."""


@dataclass(frozen=True)
class Connection:
    """What a process reaches its cloud with."""

    settings: Settings
    clock: Clock
    services: Services
    objects: S3ObjectStore
    table: DynamoTable
    idempotency: IdempotencyStore
    bus: Bus
    sqs: SqsClients

    async def queue(self, name: str) -> SqsQueue:
        """The queue of this full name. Raises NotProvisioned naming it when there is none."""
        return await find_queue(self.sqs, self.settings, self.clock, name)


async def find_queue(sqs: SqsClients, settings: Settings, clock: Clock, name: str) -> SqsQueue:
    """The queue of this full name. Raises NotProvisioned naming it when there is none."""
    try:
        answer = await sqs.send.get_queue_url(QueueName=name)
    except (BotoCoreError, ClientError) as error:
        reason = explained(error, settings)
        if isinstance(reason, NotProvisioned):
            raise NotProvisioned(f"queue {name} does not exist; run `groundtune provision` first") from error
        raise reason from error
    return SqsQueue(sqs, answer["QueueUrl"], name, clock)


@asynccontextmanager
async def connect(settings: Settings, *, bedrock: Bedrock | None = None) -> AsyncIterator[Connection]:
    """Connects, checks who we are, and closes every client at the end.

    ``bedrock`` replaces the real one, for tests. Raises Unreachable or CloudError with the remedy.
    """
    async with AsyncExitStack() as stack:
        clients = _Clients(settings, stack)
        try:
            account, partition = await clients.account()
            poll, settle, send = await clients.polling(), await clients.make("sqs"), await clients.make("sqs")
            sqs = SqsClients(poll, settle, send)
            yield await _connection(settings, clients, sqs, account, partition, bedrock)
        except (BotoCoreError, ClientError) as error:
            raise explained(error, settings) from error


async def _connection(
    settings: Settings, clients: _Clients, sqs: SqsClients, account: str, partition: str, bedrock: Bedrock | None
) -> Connection:
    clock = SystemClock()
    bucket = settings.bucket or f"{settings.name}-{account}-{settings.region}"
    objects = S3ObjectStore(await clients.make("s3"), bucket)
    table = DynamoTable(await clients.make("dynamodb"), settings.table)
    if bedrock is None:
        role = f"arn:{partition}:iam::{account}:role/{settings.bedrock_role}"
        runtime, control = await clients.make("bedrock-runtime", read_timeout=300), await clients.make("bedrock")
        bedrock = AwsBedrock(runtime, control, AnswerCache(objects), role)
    services = Services(
        settings=settings, artifacts=Artifacts(objects), corpora=Corpora(table), runs=Runs(table, clock.now),
        fanin=FanIn(table), bedrock=bedrock,
        graveyards=QueueGraveyards(
            lambda name: find_queue(sqs, settings, clock, name), settings, objects, clock, Backoff(random.random)
        ),
    )  # fmt: skip
    idempotency = IdempotencyStore(table, EventArchive(objects), clock.now)
    bus = EventBridgeBus(await clients.make("events"))
    return Connection(settings, clock, services, objects, table, idempotency, bus, sqs)


class _Clients:
    """Makes clients of one session, so that credentials are refreshed in one place."""

    def __init__(self, settings: Settings, stack: AsyncExitStack) -> None:
        self._settings = settings
        self._stack = stack
        self._session = get_session()

    async def make(self, service: str, *, read_timeout: float = 30, retries: dict[str, Any] | None = None) -> Any:
        config = AioConfig(
            connect_timeout=5, read_timeout=read_timeout, max_pool_connections=50,
            retries=retries or {"mode": "standard", "total_max_attempts": 4},
            s3={"addressing_style": "path"}, connector_args={"socket_factory": _socket},
        )  # fmt: skip
        client = self._session.create_client(
            service, region_name=self._settings.region, endpoint_url=self._settings.endpoint, config=config
        )
        return await self._stack.enter_async_context(client)

    async def polling(self) -> Any:
        """A client whose receives outlast a long poll, and are not repeated by the SDK."""
        return await self.make("sqs", read_timeout=MAX_WAIT_S + 15, retries={"total_max_attempts": 1})

    async def account(self) -> tuple[str, str]:
        """Account and partition of the credentials in use."""
        identity = await (await self.make("sts")).get_caller_identity()
        return str(identity["Account"]), str(identity["Arn"]).split(":")[1] or "aws"


def _socket(address: Any) -> socket.socket:
    """A socket that notices a silently dropped connection; botocore's own keepalive option does not reach aiohttp."""
    family, kind, protocol, *_ = address
    made = socket.socket(family=family, type=kind, proto=protocol)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    if hasattr(socket, "TCP_KEEPIDLE"):
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_KEEPIDLE, KEEPALIVE_IDLE_S)
    return made


async def gather_queues(connection: Connection, names: dict[str, str]) -> dict[str, SqsQueue]:
    """Queues by worker, from queue names by worker."""
    found = await asyncio.gather(*(connection.queue(name) for name in names.values()))
    return dict(zip(names, found, strict=True))
