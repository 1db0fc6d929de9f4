"""Child processes that run functions, each one call at a time, so that a crash has one culprit.

A pool of many processes breaks as a whole when one of them dies, and fails every call in flight. So each child is a
pool of its own: one that died fails the call that it ran, and is replaced.
"""

from __future__ import annotations

import multiprocessing
import os
import pickle
import signal
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from importlib import import_module
from typing import Any, Generic, TypeVar

from shared.errors import ChildDied

T = TypeVar("T")

PLAIN = "__plain__"
"""Where a declared function keeps the plain one, which is what a child runs."""

# a child forked from a threaded process may inherit a lock that nobody will ever release
_CONTEXT = multiprocessing.get_context("spawn")


class Child:
    """One process, running once this is made. Raises BrokenProcessPool when it does not come up."""

    def __init__(self) -> None:
        self._broken = False
        self._executor = ProcessPoolExecutor(1, mp_context=_CONTEXT, initializer=_settle_in)
        pid = self._executor.submit(os.getpid).result()
        self._process = next(process for process in multiprocessing.active_children() if process.pid == pid)

    @property
    def alive(self) -> bool:
        return not self._broken and self._process.is_alive()

    def run(self, module: str, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
        """The function's result. Raises what it raises, or BrokenProcessPool when the process dies."""
        try:
            return self._executor.submit(_call, module, name, args, kwargs).result()
        except BrokenProcessPool:
            self._broken = True  # its pipes are closed; the kernel may still be taking it down
            raise

    def kill(self) -> None:
        self._broken = True
        self._process.kill()
        self._executor.shutdown(wait=False)


class Call(Generic[T]):
    """One call of a module's function; after ``stop`` no process works on it any more."""

    def __init__(self, module: str, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> None:
        self._job = (module, name, args, kwargs)
        self._child: Child | None = None
        self._stopped = False
        self._lock = threading.Lock()

    def run(self, child: Child) -> T:
        """Raises what the function raises, or ChildDied."""
        self._begin(child)
        try:
            result: T = child.run(*self._job)
        except BrokenProcessPool:
            raise ChildDied(f"the process that ran {self._job[0]}.{self._job[1]} died") from None
        finally:
            with self._lock:  # from here on the child may work for somebody else
                self._child = None
        return result

    def stop(self) -> None:
        with self._lock:
            self._stopped = True
            if self._child is not None:
                self._child.kill()

    def _begin(self, child: Child) -> None:
        with self._lock:
            if self._stopped:
                raise ChildDied("stopped before it began")  # nobody waits for it
            self._child = child


class Children:
    """Up to ``count`` children. A thread beside each waits for its answers, whatever event loop asked."""

    def __init__(self, count: int) -> None:
        self._threads = ThreadPoolExecutor(count, thread_name_prefix="child")
        self._lock = threading.Lock()
        self._idle: list[Child] = []
        self._busy: set[Child] = set()
        self._closed = False

    def submit(self, call: Call[T]) -> Future[T]:
        """Raises, in the future, what the function raises, or ChildDied."""
        return self._threads.submit(self._run, call)

    def close(self) -> None:
        """Drops the calls that wait, and kills every child, whatever it does."""
        self._threads.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._closed = True
            children = [*self._idle, *self._busy]
        for child in children:
            child.kill()
        self._threads.shutdown()

    def _run(self, call: Call[T]) -> T:
        child = self._take()
        try:
            return call.run(child)
        finally:
            self._give_back(child)

    def _take(self) -> Child:
        with self._lock:
            while self._idle:
                child = self._idle.pop()
                if child.alive:
                    self._busy.add(child)
                    return child
                child.kill()  # it died while it had nothing to do
        return self._new()

    def _new(self) -> Child:
        try:
            child = Child()
        except BrokenProcessPool:
            raise ChildDied("a child process died before it could do anything") from None
        with self._lock:
            self._busy.add(child)
            if self._closed:
                child.kill()
        return child

    def _give_back(self, child: Child) -> None:
        with self._lock:
            self._busy.discard(child)
            if child.alive and not self._closed:
                self._idle.append(child)
                return
        child.kill()


def _call(module: str, name: str, args: Sequence[Any], kwargs: Mapping[str, Any]) -> Any:
    """In the child: the plain function of that name."""
    found = getattr(import_module(module), name)
    try:
        return getattr(found, PLAIN, found)(*args, **kwargs)
    except Exception as error:
        if _travels(error):
            raise
        raise RuntimeError(f"{type(error).__name__}: {error}") from error


def _travels(error: Exception) -> bool:
    """Whether the error survives pickling; one that the parent could not read would look as if the child had died."""
    try:
        pickle.loads(pickle.dumps(error))  # noqa: S301  (its own bytes)
    except Exception:
        return False
    return True


def _settle_in() -> None:
    """In the child: signals are the parent's to handle, and the parent's death is the child's."""
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, signal.SIG_IGN)
    threading.Thread(target=_follow_parent, daemon=True).start()


def _follow_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        parent.join()
        os._exit(1)  # nothing else ends a child that waits on a pipe whose other end it holds itself
