from __future__ import annotations

import asyncio

import pytest

from localcloud.bedrock.catalog import Catalog
from localcloud.bedrock.invocation_rooms import AT_LEAST, Rooms
from localcloud.engines.engines import Engines
from localcloud.engines.families import Family
from localcloud.engines.process import EngineError

ALIASES = {"a.small": "many/small", "a.large": "many/large", "b.broken": "broken/one"}
CATALOG = Catalog(ALIASES, [Family("many", "m:M"), Family("broken", "m:B")])


class CountedEngines(Engines):
    """Engines whose processes are never started; ``asked`` are the models that they were asked for."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    async def concurrency(self, model: str) -> int:
        self.asked.append(model)
        await asyncio.sleep(0)
        if model.startswith("broken/"):
            raise EngineError("it does not start", "EngineDied")
        return 6 if model.startswith("many/") else 1


@pytest.mark.parametrize(
    ("base", "size"),
    [("a.small", 6), ("local.reader-v1", AT_LEAST), ("b.broken", AT_LEAST), ("no.longer-offered", AT_LEAST)],
)
async def test_a_room_is_as_large_as_its_engine_and_never_leaves_it_idle(base: str, size: int) -> None:
    assert (await Rooms(CountedEngines(), CATALOG).of(base)).size == size


async def test_all_jobs_of_an_engine_share_its_room_and_no_other() -> None:
    rooms = Rooms(CountedEngines(), CATALOG)
    small, large, reader = await asyncio.gather(*map(rooms.of, ("a.small", "a.large", "local.reader-v1")))
    assert small is large is await rooms.of("a.small")
    assert reader is not small
