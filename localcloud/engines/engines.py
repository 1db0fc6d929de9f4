"""All engines of a local cloud as one: a call goes to the process of the engine that has its model."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from localcloud.engines.contract import Reply, Request, Step
from localcloud.engines.families import Family
from localcloud.engines.process import DEFAULT, EngineError, EngineProcess


class Engines:
    """``default`` has the models without a slash, each family those that begin with its name and a slash."""

    def __init__(self, default: str = DEFAULT, families: Sequence[Family] = ()) -> None:
        ids = itertools.count(1)  # shared, so that the number of a training says whose it is
        self._processes = {family.name: EngineProcess(family.spec, family.environ, ids) for family in families}
        self._processes[""] = EngineProcess(default, ids=ids)
        self._trainings: dict[int, EngineProcess] = {}

    async def converse(self, request: Request, *, weights_key: str | None = None) -> Reply:
        process, model = self._of(request.model)
        return await process.converse(replace(request, model=model), weights_key=weights_key)

    async def train(
        self,
        *,
        model: str,
        rows: list[dict[str, Any]],
        validation: list[dict[str, Any]],
        hyperparameters: Mapping[str, str],
        progress: Callable[[Step], None],
        started: Callable[[int], None],
    ) -> dict[str, Any]:
        """As EngineProcess does."""
        process, name = self._of(model)
        numbers: list[int] = []

        def known(number: int) -> None:
            numbers.append(number)
            self._trainings[number] = process
            started(number)

        try:
            return await process.train(
                model=name, rows=rows, validation=validation, hyperparameters=hyperparameters, progress=progress,
                started=known,
            )  # fmt: skip
        finally:
            for number in numbers:
                del self._trainings[number]

    async def stop(self, number: int) -> None:
        """Ends a training after its present step; nothing when it has ended already."""
        if process := self._trainings.get(number):
            await process.stop(number)

    async def embed(self, texts: list[str], model: str) -> list[list[float]]:
        process, name = self._of(model)
        return await process.embed(texts, name)

    async def concurrency(self, model: str) -> int:
        """How many answers the engine that has the model makes at once. Raises EngineError when it does not start."""
        process, _ = self._of(model)
        return await process.concurrency()

    def name_of(self, model: str) -> str:
        """The name of the engine that has a model; empty for the default one."""
        name, slash, _ = model.partition("/")
        return name if slash else ""

    async def close(self) -> None:
        for process in self._processes.values():
            await process.close()

    def _of(self, model: str) -> tuple[EngineProcess, str]:
        """The engine, and what it calls the model."""
        name = self.name_of(model)
        if not name:
            return self._processes[""], model
        if name not in self._processes:
            raise EngineError(f"no engine has {model}; start the local cloud with one for {name}/…", "ValueError")
        return self._processes[name], model.removeprefix(f"{name}/")
