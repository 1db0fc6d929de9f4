"""The table of models in force: a user's own in the bucket over the one that ships, read at most once a minute."""

from __future__ import annotations

import asyncio

from shared.bedrock.models import Facts, Models, ModelsFile, parse, shipped
from shared.clock import Clock
from shared.errors import BadModels, CloudError
from shared.store import keys
from shared.store.ports import ObjectStore

FRESH_S = 60.0
"""A change reaches every worker within this time."""


class ModelTable:
    """Facts of models as they are now."""

    def __init__(self, objects: ObjectStore, clock: Clock) -> None:
        self._objects = objects
        self._clock = clock
        self._models: Models | None = None
        self._read_at = float("-inf")
        self._lock = asyncio.Lock()

    async def of(self, model: str) -> Facts:
        """What is known of a model id or ARN now."""
        return (await self.current()).of(model)

    async def current(self) -> Models:
        """Raises CloudError when somebody put a table there that is none: a person must act, messages wait."""
        async with self._lock:
            if self._models is None or self._clock.now() - self._read_at >= FRESH_S:
                self._models = await _read(self._objects)
                self._read_at = self._clock.now()
            return self._models


async def _read(objects: ObjectStore) -> Models:
    own = await own_table(objects)
    return Models(own, shipped()) if own is not None else Models(shipped())


async def own_table(objects: ObjectStore) -> ModelsFile | None:
    """The user's own table; None when there is none. Raises CloudError when it cannot be read as one."""
    try:
        body = await objects.get(keys.MODELS)
    except KeyError:
        return None
    try:
        return parse(body.decode(), name=keys.MODELS)
    except (BadModels, UnicodeDecodeError) as error:
        remedy = "`groundtune models set FILE` replaces it, `groundtune models reset` takes it away"
        raise CloudError(f"the table of models in the bucket is not valid: {error}; {remedy}") from error
