"""What the tests of offloading run elsewhere; importable, as a child demands."""

from __future__ import annotations

import os
import signal
import threading
import time
from pathlib import Path

from shared.runtime.offload import in_process, in_thread


class Picky(Exception):
    """Does not survive pickling: made again, it lacks an argument."""

    def __init__(self, first: str, second: str) -> None:
        super().__init__(f"{first} {second}")


@in_thread
def thread_name(prefix: str, *, suffix: str = "") -> str:
    return prefix + threading.current_thread().name + suffix


@in_process
def pid(add: int = 0) -> int:
    """The child's."""
    return os.getpid() + add


@in_process
def die(number: int = signal.SIGKILL) -> None:
    os.kill(os.getpid(), number)


@in_process
def fail(picky: bool) -> None:
    raise Picky("very", "picky") if picky else ValueError("wrong")


@in_process
def wait_for(file: Path) -> str:
    """Says that it has begun, and waits until it may end."""
    begun = file.with_suffix(".begun")
    begun.write_text(str(os.getpid()))
    while not file.exists():
        time.sleep(0.01)
    return file.read_text()


def plain(value: int) -> int:
    return value * 2


@in_process
def unpicklable() -> object:
    return lambda: None
