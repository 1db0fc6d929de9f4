"""Parsing in child processes: a parser that crashes or hangs costs its own document and nothing else.

The kernel ends a child whose alarm rings, also inside a C library that never returns to Python, and refuses it memory
beyond its limit; the parent sees the pipe close. A child leads a process group, so that programs which it runs (OCR)
end with it. A child whose parent was killed reads the end of its pipe and leaves.
"""

from __future__ import annotations

import asyncio
import math
import multiprocessing
import os
import signal
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from multiprocessing.process import BaseProcess
from typing import Generic, TypeVar, cast

from shared.errors import Rejected
from workers.doc_ingest.child import serve
from workers.doc_ingest.rejections import reject

T = TypeVar("T")

LIMIT_S = 60.0
"""Seconds that parsing and cutting one document may take."""
LAST_S = 5.0
"""Seconds in which a child that closed its pipe has ended by itself."""
MAX_MEMORY_BYTES = 1024 * 1024 * 1024
"""What one child may hold (RLIMIT_DATA: heap and private mappings, on Linux)."""
TIRED_BYTES = 300 * 1024 * 1024
"""A child that ever held more is replaced after its job: freed memory seldom goes back to the system."""

# a child forked from a threaded process may inherit a lock that nobody will ever release
_CONTEXT = multiprocessing.get_context("spawn")


class Isolated(Generic[T]):
    """Runs a module-level function in up to ``processes`` children, each call within ``limit_s`` seconds and each
    child within ``max_bytes`` of memory.

    Children start when first needed and serve many calls; one that died is replaced by the next call.
    """

    def __init__(
        self, work: Callable[..., T], *, processes: int, limit_s: float, max_bytes: int = MAX_MEMORY_BYTES,
        tired_bytes: int = TIRED_BYTES,
    ) -> None:  # fmt: skip
        self._work = work
        self._limit_s = limit_s
        self._children = [_Child(max_bytes, tired_bytes) for _ in range(processes)]
        self._free: asyncio.Queue[_Child] = asyncio.Queue()
        for child in self._children:
            self._free.put_nowait(child)

    async def __call__(self, *arguments: object) -> T:
        """The function's result. Raises Rejected: its own, or ``crashed``, ``too_slow`` or ``out_of_memory``; and
        ``child.ChildFailed``."""
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

    def __init__(self, max_bytes: int, tired_bytes: int) -> None:
        self._limits = max_bytes, tired_bytes
        self._process: BaseProcess | None = None
        self._pipe: Connection | None = None

    def ask(self, job: object) -> object:
        """The child's reply: a result or an exception. Raises Rejected when the child died of the job."""
        process, pipe = self._running()
        try:
            pipe.send(job)
            reply, leaving = pipe.recv()
        except (EOFError, OSError):
            process.join(LAST_S)  # of its own death, whose code says why
            self.kill()
            process.join()
            raise _died(process.exitcode) from None
        if leaving:
            process.join()
        return reply

    def kill(self) -> None:
        """Ends the process and all that it started. Its exit code stays that of its first death."""
        process = self._process
        if process is None or process.pid is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(process.pid, signal.SIGKILL)
        process.kill()  # one so young that it leads no group yet

    def _running(self) -> tuple[BaseProcess, Connection]:
        if self._process is None or self._pipe is None or not self._process.is_alive():
            if self._pipe is not None:
                self._pipe.close()
            self._pipe, theirs = _CONTEXT.Pipe()
            process = _CONTEXT.Process(target=serve, args=(theirs, *self._limits), daemon=True)
            process.start()
            theirs.close()
            self._process = process
        return self._process, self._pipe


def _died(exitcode: int | None) -> Rejected:
    if exitcode == -signal.SIGALRM:
        return reject("too_slow", "parsing took too long and was stopped")
    if exitcode == -signal.SIGKILL:
        return reject("out_of_memory", "the system ended its parser, most likely for lack of memory")
    return reject("crashed", f"the parser's process ended with code {exitcode}")
