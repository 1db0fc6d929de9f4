"""A program: two workers in one process, whose events say what to do.

``PAIR_FOLDER`` holds what they note, and the gate:

python -m tests.integration.worker_pair
"""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

from schemas.event import Event
from schemas.events import ModelReady, PredictionsReady
from shared import settings
from shared.runtime.process import run_workers
from shared.runtime.worker import Context, Emitted, Worker
from shared.topology import load_topology

FOLDER = "PAIR_FOLDER"
GATE = "gate"
LOOK_S = 0.02


def noted(folder: Path, what: str) -> list[str]:
    """Arms of the events that came so far, in order: what is ``started``, ``finished``, ``scored``."""
    file = folder / what
    return file.read_text().splitlines() if file.exists() else []


class Gated(Worker):
    """``model`` of the event: ``quick``; ``wait`` for the gate to open; ``block`` the event loop until then."""

    name = "inference"

    async def handle(self, event: Event, context: Context) -> Emitted:
        assert isinstance(event, ModelReady)
        _note("started", event.arm)
        if event.model == "block":
            _block()
        elif event.model == "wait":
            while not _open():
                await asyncio.sleep(LOOK_S)
        _note("finished", event.arm)
        return [PredictionsReady(run=event.run, arm=event.arm, shard=0)]


class Counting(Worker):
    """Takes what the other emits."""

    name = "scorer"

    async def handle(self, event: Event, context: Context) -> Emitted:
        assert isinstance(event, PredictionsReady)
        _note("scored", event.arm)
        return []


def _block() -> None:
    while not _open():
        time.sleep(LOOK_S)


def _open() -> bool:
    return (Path(os.environ[FOLDER]) / GATE).exists()


def _note(what: str, arm: str) -> None:
    with (Path(os.environ[FOLDER]) / what).open("a") as file:
        file.write(f"{arm}\n")


if __name__ == "__main__":
    found = settings.load(os.environ)
    asyncio.run(run_workers([Gated, Counting], found, load_topology(found.topology)))
