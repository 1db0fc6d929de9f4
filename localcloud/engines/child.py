"""The engine's process: reads requests from stdin, answers on stdout, ends when stdin ends (its parent is gone).

One thread answers, one trains, one embeds, so that a training delays no answer; an engine must bear being called
from the three at once. One that says ``concurrency`` gets so many threads that answer, and so many that embed.
"""

from __future__ import annotations

import importlib
import os
import signal
import sys
import threading
import traceback
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from typing import Any, BinaryIO

from localcloud.engines.contract import Engine, Request, Step, Tool
from localcloud.engines.failures import Failure
from localcloud.engines.wire import Frame, pack, read_frame


class TrainingStopped(Exception):
    """Raised inside ``train``, from the progress callback, when somebody stopped the job."""


class Child:
    """Dispatches frames to the engine; ``weights`` are kept by key, so that they travel once."""

    def __init__(self, engine: Engine, out: BinaryIO) -> None:
        self._engine = engine
        self._out = out
        self._lock = threading.Lock()
        self._weights: dict[str, dict[str, Any]] = {}
        self._stopped: set[int] = set()
        self._ops: dict[str, Callable[[Frame], Any]] = {
            "converse": self._converse,
            "train": self._train,
            "embed": self._embed,
        }
        self._many = int(getattr(engine, "concurrency", 1))
        threads = {"converse": self._many, "train": 1, "embed": self._many}
        self._threads = {op: ThreadPoolExecutor(count, thread_name_prefix=op) for op, count in threads.items()}

    def handle(self, frame: Frame) -> None:
        op = frame["op"]
        if op == "weights":
            self._weights[frame["key"]] = frame["weights"]
        elif op == "stop":
            self._stopped.add(frame["target"])
        elif op == "concurrency":
            self._send({"id": frame["id"], "ok": self._many})
        else:
            self._threads[op].submit(self._answer, frame)

    def _answer(self, frame: Frame) -> None:
        try:
            self._send({"id": frame["id"], "ok": self._ops[frame["op"]](frame)})
        except Exception as error:  # whatever an engine raises belongs to the caller, and the child lives on
            if not isinstance(error, (ValueError, TrainingStopped, Failure)):
                traceback.print_exc()
            self._send({"id": frame["id"], "error": str(error), "kind": type(error).__name__})

    def _converse(self, frame: Frame) -> Any:
        key = frame["weights_key"]
        body, tool = frame["request"], frame["request"]["tool"]
        given = {**body, "tool": Tool(**tool) if tool else None}
        request = Request(weights=self._weights[key] if key else None, **given)
        return asdict(self._engine.converse(request))

    def _embed(self, frame: Frame) -> Any:
        return self._engine.embed(frame["texts"], frame["model"])

    def _train(self, frame: Frame) -> Any:
        number = frame["id"]

        def progress(step: Step) -> None:
            self._send({"id": number, "step": asdict(step)})
            if number in self._stopped:
                raise TrainingStopped("the job was stopped")

        if number in self._stopped:
            raise TrainingStopped("the job was stopped")
        return self._engine.train(progress=progress, **frame["job"])

    def _send(self, frame: Frame) -> None:
        data = pack(frame)
        with self._lock:
            self._out.write(data)
            self._out.flush()


def load(spec: str) -> Engine:
    """The engine that ``package.module:Class`` names, made without arguments."""
    module, _, name = spec.partition(":")
    engine: Engine = getattr(importlib.import_module(module), name)()
    return engine


def main(spec: str) -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C reaches the whole terminal; the parent ends us
    # What an engine prints must not end up between the frames.
    out = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    os.environ.setdefault("TQDM_DISABLE", "1")  # progress bars of model loading are no log
    child = Child(load(spec), out)
    while (frame := read_frame(sys.stdin.buffer)) is not None:
        child.handle(frame)
    os._exit(0)  # threads may be in the middle of a training that nobody waits for


if __name__ == "__main__":
    main(sys.argv[1])
