"""The child's side of ``isolation``: one job after the other, within limits that the kernel keeps."""

from __future__ import annotations

import logging
import math
import multiprocessing
import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from multiprocessing.connection import Connection
from pathlib import Path

from shared.errors import Rejected
from workers.doc_ingest.rejections import reject


class ChildFailed(RuntimeError):
    """Raised when the work raised what is no rejection: a bug, told by the name and words of its exception."""


def extend_limit(limit_s: float) -> None:
    """Called by work that runs in a child: gives the present job ``limit_s`` seconds from now. Elsewhere nothing."""
    if multiprocessing.parent_process() is not None and signal.getsignal(signal.SIGALRM) == signal.SIG_DFL:
        signal.alarm(math.ceil(limit_s))


def serve(pipe: Connection, max_bytes: int, tired_bytes: int) -> None:
    """The child: answers jobs until the other end closes or it has grown too large."""
    os.setpgid(0, 0)
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    logging.disable()  # what a library has to say of a document is for nobody's terminal
    with suppress(ValueError, OSError):  # a lower hard limit is there already
        resource.setrlimit(resource.RLIMIT_DATA, (max_bytes, max_bytes))
    leaving = False
    with suppress(EOFError, OSError):
        while not leaving:
            work, arguments, limit_s = pipe.recv()
            signal.alarm(limit_s)
            reply = _reply(work, arguments)
            signal.alarm(0)
            leaving = peak_bytes() > tired_bytes
            pipe.send((reply, leaving))


def _reply(work: Callable[..., object], arguments: tuple[object, ...]) -> object:
    try:
        return work(*arguments)
    except Rejected as rejected:
        return rejected
    except MemoryError:
        pass  # out of this block first: until then the frames of the work hold what it took
    except Exception as error:
        return ChildFailed(f"{type(error).__name__}: {error}")  # its own class may not survive pickling
    return reject("out_of_memory", "parsing it needs more memory than a parser may use")


def peak_bytes() -> int:
    """The most memory this process has held. Where /proc tells it, without what its parent held (getrusage keeps that
    over fork and exec)."""
    try:
        status = Path("/proc/self/status").read_text()
        return int(status.partition("VmHWM:")[2].split()[0]) * 1024
    except (OSError, IndexError):
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        return peak if sys.platform == "darwin" else peak * 1024
