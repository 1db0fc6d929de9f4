"""How many records of batch inference jobs are in an engine at once."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field

from localcloud.bedrock.catalog import Catalog
from localcloud.engines.engines import Engines
from localcloud.engines.process import EngineError

AT_LEAST = 2
"""One is answered, one waits: so an engine of one thread is never idle, and an online call never more than third."""


@dataclass(frozen=True)
class Room:
    """Of one engine, for the records of all jobs."""

    size: int
    inside: asyncio.Semaphore = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "inside", asyncio.Semaphore(self.size))


class Rooms:
    """As large as the engine has threads that answer, which it is asked at its first job."""

    def __init__(self, engines: Engines, catalog: Catalog) -> None:
        self._engines = engines
        self._catalog = catalog
        self._rooms: dict[str, Room] = {}

    async def of(self, base: str) -> Room:
        """The room of the engine that has a foundation model."""
        found = self._catalog.find(base)
        model = found.local.id if found else base
        name = self._engines.name_of(model)
        if name not in self._rooms:
            size = await self._size(model)
            self._rooms.setdefault(name, Room(size))  # another job may have asked meanwhile
        return self._rooms[name]

    async def _size(self, model: str) -> int:
        try:
            return max(AT_LEAST, await self._engines.concurrency(model))
        except EngineError:  # each record is told why
            return AT_LEAST
