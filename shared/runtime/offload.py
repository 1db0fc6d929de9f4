"""CPU work off the event loop, by declaration: a plain function becomes an awaitable one.

    @in_thread                                  @in_process
    def index(chunks) -> Index: ...             def parse(body: bytes) -> Document: ...

    found = await index(chunks)                 document = await parse(body)

A thread sees what its caller sees (memory, context variables), yet shares one interpreter with the event loop: for
work of seconds, or of libraries that release the lock. A process shares nothing: for work that takes a core, or that
may crash. Both are bounded, made when first needed, and ended by ``close_executors``.

Who awaits may be cancelled at any time. Work that has not begun is then dropped; a thread cannot be stopped, so it runs
on and its result is dropped; a process is killed.
"""

from __future__ import annotations

import asyncio
import contextvars
import inspect
import os
import threading
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar

from shared.runtime.children import PLAIN, Call, Children

P = ParamSpec("P")
T = TypeVar("T")


def _cores() -> int:
    """Cores that this process is allowed, where the system says so: fewer than the machine has."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


THREADS = max(4, _cores())
"""More than two even on a small machine: a long piece of work leaves room for short ones."""
PROCESSES = max(2, _cores())


class _Executors:
    """This process's own, each made when first needed, and anew after they were closed."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._threads: ThreadPoolExecutor | None = None
        self._children: Children | None = None

    def threads(self) -> ThreadPoolExecutor:
        with self._lock:
            self._threads = self._threads or ThreadPoolExecutor(THREADS, thread_name_prefix="offloaded")
            return self._threads

    def children(self) -> Children:
        with self._lock:
            self._children = self._children or Children(PROCESSES)
            return self._children

    def close(self) -> None:
        with self._lock:
            threads, self._threads = self._threads, None
            children, self._children = self._children, None
        if threads is not None:
            threads.shutdown(wait=False, cancel_futures=True)
        if children is not None:
            children.close()


_executors = _Executors()


def in_thread(function: Callable[P, T]) -> Callable[P, Coroutine[Any, Any, T]]:
    """The function, run by one of this process's threads. Raises what it raises."""
    _refuse_coroutines(function)

    @wraps(function, updated=())
    async def offloaded(*args: P.args, **kwargs: P.kwargs) -> T:
        context = contextvars.copy_context()
        work = partial(context.run, function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(_executors.threads(), work)

    return offloaded


def in_process(function: Callable[P, T]) -> Callable[P, Coroutine[Any, Any, T]]:
    """The function of a module, run in a child process. Arguments, result and errors are pickled.

    Raises what it raises, or ChildDied when its process died under it; the next call gets a new one. Raises TypeError
    at once when a child could not import the function.
    """
    _refuse_coroutines(function)
    _refuse_unimportable(function)

    @wraps(function, updated=())
    async def offloaded(*args: P.args, **kwargs: P.kwargs) -> T:
        call: Call[T] = Call(function.__module__, function.__qualname__, args, kwargs)
        try:
            return await asyncio.wrap_future(_executors.children().submit(call))
        except asyncio.CancelledError:
            call.stop()
            raise

    setattr(offloaded, PLAIN, function)
    return offloaded


def close_executors() -> None:
    """Drops what waits, kills the children and leaves the threads to end by themselves.

    The interpreter waits for a thread that still works before it exits. Harmless when nothing was ever offloaded.
    """
    _executors.close()


def _refuse_coroutines(function: Callable[..., Any]) -> None:
    if inspect.iscoroutinefunction(function):
        raise TypeError(f"{function.__qualname__} is a coroutine function: await it as it is, or make it a plain one")


def _refuse_unimportable(function: Callable[..., Any]) -> None:
    name = getattr(function, "__qualname__", repr(function))
    if not inspect.isfunction(function) or not name.isidentifier():
        raise TypeError(f"{name} cannot run in a child process: it must be a function at the top level of a module")
    if function.__module__ == "__main__":
        raise TypeError(f"{name} cannot run in a child process: move it from the script into a module")
