"""The connection of one process to its cloud: one session, the clients made from it, and the services on top."""

from __future__ import annotations

import asyncio
import random
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

from shared.bedrock.batch_client import AwsBatches
from shared.bedrock.batches import Batches
from shared.bedrock.client import AwsBedrock
from shared.bedrock.knowledge_bases import AwsKnowledgeBases
from shared.bedrock.ledger import Ledger
from shared.bedrock.meter import Meter
from shared.bedrock.model_table import ModelTable
from shared.bedrock.ports import Bedrock
from shared.bedrock.premises_client import AwsPremises
from shared.bedrock.rates import RateLimits
from shared.clock import Clock, SystemClock
from shared.cloud_errors import SDK_ERRORS, explained
from shared.runtime.backoff import Backoff
from shared.runtime.bus import Bus, EventBridgeBus
from shared.runtime.clients import Clients
from shared.runtime.finding import find_queue
from shared.runtime.grave import QueueGraveyards
from shared.runtime.sqs import Billed, SqsClients, SqsQueue
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

BEDROCK_TRIES = 2
"""Of the SDK: a model that throttles is left alone by the whole fleet, not asked again by each process."""


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

    async def queue(self, name: str, billed: Billed | None = None) -> SqsQueue:
        """The queue of this full name; ``billed`` is told of its requests. Raises NotProvisioned when there is none."""
        return await find_queue(self.sqs, self.settings, self.clock, name, billed)


@dataclass(frozen=True)
class Settling:
    """What leases are renewed with: no more than that, and none of it shared with a ``Connection``."""

    settings: Settings
    clock: Clock
    table: DynamoTable
    sqs: SqsClients

    async def queue(self, name_or_url: str) -> SqsQueue:
        """The queue of this full name or, without asking anybody, of this URL. Raises NotProvisioned for a name."""
        if "://" in name_or_url:
            return SqsQueue(self.sqs, name_or_url, name_or_url.rpartition("/")[2], self.clock)
        return await find_queue(self.sqs, self.settings, self.clock, name_or_url)


@asynccontextmanager
async def connect(
    settings: Settings, *, bedrock: Bedrock | None = None, batches: Batches | None = None
) -> AsyncIterator[Connection]:
    """Connects, checks who we are, and closes every client at the end.

    ``bedrock`` and ``batches`` replace the real ones, for tests. Raises Unreachable or CloudError with the remedy.
    """
    async with AsyncExitStack() as stack:
        clients = Clients(settings, stack)
        try:
            account, partition = await clients.account()
            sqs = SqsClients(poll=await clients.polling(), settle=await clients.sqs(), send=await clients.sqs())
            yield await _connection(settings, clients, sqs, account, partition, bedrock, batches)
        except SDK_ERRORS as error:
            raise explained(error, settings) from error


@asynccontextmanager
async def connect_settling(settings: Settings) -> AsyncIterator[Settling]:
    """Connects for renewals alone, beside a ``Connection``: in a thread and an event loop of its own, a heartbeat goes
    on while a handler blocks the other.

    Raises Unreachable or CloudError with the remedy.
    """
    async with AsyncExitStack() as stack:
        clients = Clients(settings, stack)
        try:
            settle = await clients.sqs()
            table = await clients.table()
            yield Settling(settings, SystemClock(), table, SqsClients(settle, settle, settle))
        except SDK_ERRORS as error:
            raise explained(error, settings) from error


async def _connection(
    settings: Settings, clients: Clients, sqs: SqsClients, account: str, partition: str, bedrock: Bedrock | None,
    batches: Batches | None,
) -> Connection:  # fmt: skip
    clock = SystemClock()
    bucket = settings.bucket or f"{settings.name}-{account}-{settings.region}"
    s3 = await clients.make("s3")
    objects = S3ObjectStore(s3, bucket)
    table = await clients.table()
    models, ledger = ModelTable(objects, clock), Ledger(table)
    role = f"arn:{partition}:iam::{account}:role/{settings.bedrock_role}"
    control = await clients.make("bedrock")
    if bedrock is None:
        runtime = await clients.make("bedrock-runtime", read_timeout=300, tries=BEDROCK_TRIES)
        meter = Meter(models, ledger, RateLimits(table, clock))
        bedrock = AwsBedrock(runtime, control, objects, meter, role)
    services = Services(
        settings=settings, artifacts=Artifacts(objects), corpora=Corpora(table), runs=Runs(table, clock.now),
        fanin=FanIn(table), bedrock=bedrock, batches=batches or AwsBatches(control, role), models=models, ledger=ledger,
        premises=AwsPremises(clients.asking, control, s3, bucket, role),
        knowledge_bases=AwsKnowledgeBases(lambda: clients.make("bedrock-agent-runtime", tries=BEDROCK_TRIES)),
        graveyards=QueueGraveyards(
            lambda name: find_queue(sqs, settings, clock, name), settings, objects, clock, Backoff(random.random)
        ),
    )  # fmt: skip
    idempotency = IdempotencyStore(table, EventArchive(objects), clock.now)
    bus = EventBridgeBus(await clients.make("events"))
    return Connection(settings, clock, services, objects, table, idempotency, bus, sqs)


async def gather_queues(
    connection: Connection, names: dict[str, str], billed: Billed | None = None
) -> dict[str, SqsQueue]:
    """Queues by worker, from queue names by worker; ``billed`` is told of their requests."""
    found = await asyncio.gather(*(connection.queue(name, billed) for name in names.values()))
    return dict(zip(names, found, strict=True))
