"""The engine as the local Bedrock sees it: calls that travel to a child process and come back."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import asdict, replace
from typing import Any

from localcloud.engines.contract import Reply, Request, Step
from localcloud.engines.wire import Frame, pack, receive_frame
from localcloud.python import environment, module_command

DEFAULT = "localcloud.engines.extractive:ExtractiveEngine"


class EngineError(Exception):
    """Raised when the engine refused (``kind`` ValueError), was stopped (TrainingStopped) or failed.

    ``kind`` is the name of what the engine raised: of a class of ``engines.failures``, or any other.
    """

    def __init__(self, message: str, kind: str) -> None:
        super().__init__(message)
        self.kind = kind


class EngineDied(EngineError):
    """Raised to everybody who waited when the child ended; the next call starts another."""

    def __init__(self) -> None:
        super().__init__("the engine's process ended; the local cloud's log has its last words", "EngineDied")


class EngineProcess:
    """Starts the child at the first call and again after it died; several calls may be in flight."""

    def __init__(
        self, spec: str = DEFAULT, environ: Mapping[str, str] | None = None, ids: Iterator[int] | None = None
    ) -> None:
        """``environ`` is added to the child's environment; ``ids`` number its calls."""
        self._spec = spec
        self._environ = dict(environ or {})
        self._process: asyncio.subprocess.Process | None = None
        self._reader: asyncio.Task[None] | None = None
        self._starting = asyncio.Lock()
        self._ids = ids or itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Any]] = {}
        self._progress: dict[int, Callable[[Step], None]] = {}
        self._sent_weights: set[str] = set()

    async def converse(self, request: Request, *, weights_key: str | None = None) -> Reply:
        """``weights_key`` names ``request.weights``, which are sent to a child only once."""
        writer = await self._writer()
        if weights_key and weights_key not in self._sent_weights:
            self._sent_weights.add(weights_key)
            writer.write(pack({"op": "weights", "key": weights_key, "weights": request.weights}))
        body = {key: value for key, value in asdict(replace(request, weights=None)).items() if key != "weights"}
        answer = await self._call(writer, {"op": "converse", "weights_key": weights_key, "request": body})
        return Reply(**answer)

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
        """The weights. ``started`` gets a number by which ``stop`` can end the training early."""
        writer = await self._writer()
        job = {"model": model, "rows": rows, "validation": validation, "hyperparameters": dict(hyperparameters)}
        number = next(self._ids)
        self._progress[number] = progress
        try:
            started(number)
            weights: dict[str, Any] = await self._call(writer, {"op": "train", "job": job}, number)
        finally:
            del self._progress[number]
        return weights

    async def stop(self, number: int) -> None:
        """Ends a training after its present step; ``train`` then raises EngineError of kind TrainingStopped."""
        writer = await self._writer()
        writer.write(pack({"op": "stop", "target": number}))

    async def embed(self, texts: list[str], model: str) -> list[list[float]]:
        frame = {"op": "embed", "texts": texts, "model": model}
        vectors: list[list[float]] = await self._call(await self._writer(), frame)
        return vectors

    async def concurrency(self) -> int:
        """How many threads of the engine answer."""
        many: int = await self._call(await self._writer(), {"op": "concurrency"})
        return many

    async def close(self) -> None:
        """Ends the child: closing its stdin tells it, a kill follows when it does not listen."""
        process, self._process = self._process, None
        if process is None:
            return
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
        if self._reader:
            await self._reader

    async def _call(self, writer: asyncio.StreamWriter, frame: Frame, number: int | None = None) -> Any:
        number = number or next(self._ids)
        future = self._waiting[number] = asyncio.get_running_loop().create_future()
        try:
            writer.write(pack({**frame, "id": number}))
            with suppress(ConnectionError):  # the reader notices the death and tells everybody
                await writer.drain()
            return await future
        finally:
            self._waiting.pop(number, None)

    async def _writer(self) -> asyncio.StreamWriter:
        async with self._starting:
            if self._process is None or self._process.returncode is not None or self._reader_done():
                await self._start()
            assert self._process is not None
            assert self._process.stdin is not None
            return self._process.stdin

    def _reader_done(self) -> bool:
        return self._reader is None or self._reader.done()

    async def _start(self) -> None:
        if self._reader:
            await self._reader  # whoever waited for the last child has been told before the next one starts
        self._sent_weights = set()
        self._process = await asyncio.create_subprocess_exec(
            *module_command("localcloud.engines.child"),
            self._spec,
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            env={**environment(), **self._environ},
        )
        assert self._process.stdout is not None
        self._reader = asyncio.create_task(self._read(self._process.stdout))

    async def _read(self, stdout: asyncio.StreamReader) -> None:
        while (frame := await receive_frame(stdout)) is not None:
            self._deliver(frame)
        for future in self._waiting.values():
            if not future.done():
                future.set_exception(EngineDied())

    def _deliver(self, frame: Frame) -> None:
        number = frame["id"]
        if "step" in frame:
            self._progress[number](Step(**frame["step"]))
            return
        future = self._waiting.get(number)
        if future is None or future.done():
            return
        if "error" in frame:
            future.set_exception(EngineError(frame["error"], frame["kind"]))
        else:
            future.set_result(frame["ok"])
