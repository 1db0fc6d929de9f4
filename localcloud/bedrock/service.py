"""The local Bedrock put together."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from localcloud.bedrock.backend import Backend
from localcloud.bedrock.call import Handler
from localcloud.bedrock.catalog import Catalog
from localcloud.bedrock.cloud import Cloud
from localcloud.bedrock.faults.faults import Faults
from localcloud.bedrock.invocation_answers import Answers
from localcloud.bedrock.invocation_rooms import Rooms
from localcloud.bedrock.invoker import DEFAULT_MINIMUM, Invoker
from localcloud.bedrock.knowledge.bases import KnowledgeBases
from localcloud.bedrock.operations.registry import OPERATIONS, handlers
from localcloud.bedrock.tables import Tables
from localcloud.bedrock.trainer import Trainer
from localcloud.engines.engines import Engines
from localcloud.engines.families import Family


@asynccontextmanager
async def open_backend(
    *, endpoint: str, account: str, keep: Callable[[], Awaitable[None]], state: Path | None,
    aliases: Mapping[str, str], engine: str, families: Sequence[Family] = (), batch_minimum: int = DEFAULT_MINIMUM,
    faults: Path | None = None, knowledge: Mapping[str, Path] | None = None,
) -> AsyncIterator[Backend]:  # fmt: skip
    """``endpoint`` is the one that the local cloud itself serves: Bedrock reads and writes S3 through it.
    ``keep`` writes S3's state to disk, so that what a job reads or has written outlives a SIGKILL."""
    catalog, troubles = Catalog(aliases, families), Faults(faults, OPERATIONS)
    bases = KnowledgeBases(knowledge)
    tables, cloud, engines = Tables(state), Cloud(endpoint, keep), Engines(engine, families)
    trainer = Trainer(account, tables, cloud, engines, troubles)
    served: dict[str, Handler] = {}
    invoker = Invoker(account, tables, cloud, Answers(served, Rooms(engines, catalog).of), troubles, batch_minimum)
    backend = Backend(account, catalog, tables, cloud, engines, trainer, invoker, troubles, bases)
    served.update(handlers(backend))
    try:
        yield backend
    finally:
        await trainer.close()
        await invoker.close()
        await engines.close()
        await cloud.close()
        tables.close()
