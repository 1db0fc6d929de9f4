"""Parsing in child processes: a parser that crashes or hangs costs its own document and nothing else.

The kernel ends a child whose alarm rings, also inside a C library that never returns to Python; the parent sees the
pipe close. A child whose parent was killed reads the end of its pipe and leaves.
"""

from __future__ import annotations

import asyncio
import math
import multiprocessing
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar, cast

from shared.errors import Rejected
from workers.doc_ingest.rejections import reject

T = TypeVar("T")

# a child forked from a threaded process may inherit a lock that nobody will ever release
_CONTEXT = multiprocessing.get_context("spawn")


class Isolated(Generic[T]):
    """Runs a module-level function in up to ``processes`` children, each call within ``limit_s`` seconds.

    Children start when first needed and serve many calls; one that died is replaced by the next call.
    """

    def __init__(self, work: Callable[..., T], *, processes: int, limit_s: float) -> None:
        self._work = work
        self._limit_s = limit_s
        self._children = [_Child() for _ in range(processes)]
        self._free: asyncio.Queue[_Child] = asyncio.Queue()
        for child in self._children:
            self._free.put_nowait(child)

    async def __call__(self, *arguments: object) -> T:
        """The function's result. Raises Rejected: its own, or ``crashed`` or ``too_slow``."""
        child = await self._free.get()
        call = asyncio.create_task(asyncio.to_thread(self._call, child, arguments))
        call.add_done_callback(partial(self._released, child))
        try:
            return await asyncio.shield(call)
        except asyncio.CancelledError:
            child.kill()  # ends the thread that waits on it, too
            raise

    def close(self) -> None:
        """Ends all children."""
        for child in self._children:
            child.kill()

    def _released(self, child: _Child, call: asyncio.Task[T]) -> None:
        """A child is free once its thread is done with it, which outlives a cancelled caller."""
        if not call.cancelled():
            call.exception()  # looked at, lest asyncio complain of one that nobody waited for
        self._free.put_nowait(child)

    def _call(self, child: _Child, arguments: tuple[object, ...]) -> T:
        reply = child.ask((self._work, arguments, math.ceil(self._limit_s)))
        if isinstance(reply, Exception):
            raise reply
        return cast(T, reply)


class _Child:
    """One child process and our end of its pipe."""

    def __init__(self) -> None:
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def ask(self, job: object) -> object:
        """The child's reply: a result or an exception. Raises Rejected when the child died of the job."""
        process, pipe = self._running()
        try:
            pipe.send(job)
            return pipe.recv()
        except (EOFError, OSError):
            process.join()
            raise _died(process.exitcode) from None

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()

    def _running(self) -> tuple[BaseProcess, Connection]:
        if self._process is None or self._pipe is None or not self._process.is_alive():
            if self._pipe is not None:
                self._pipe.close()
            self._pipe, theirs = _CONTEXT.Pipe()
            process = _CONTEXT.Process(target=_serve, args=(theirs,), daemon=True)
            process.start()
            theirs.close()
            self._process = process
        return self._process, self._pipe


def _serve(pipe: Connection) -> None:
    """The child: answers jobs until the other end closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    with suppress(EOFError, OSError):
        while True:
            work, arguments, limit_s = pipe.recv()
            signal.alarm(limit_s)
            reply = _reply(work, arguments)
            signal.alarm(0)
            pipe.send(reply)


def _reply(work: Callable[..., object], arguments: tuple[object, ...]) -> object:
    try:
        return work(*arguments)
    except Rejected as rejected:
        return rejected
    except Exception as error:
        return RuntimeError(f"{type(error).__name__}: {error}")  # its own class may not survive pickling


def _died(exitcode: int | None) -> Rejected:
    if exitcode == -signal.SIGALRM:
        return reject("too_slow", "parsing took too long and was stopped")
    return reject("crashed", f"the parser's process ended with code {exitcode}")
