"""MiniStack (PyPI ``ministack``, MIT) embedded as an ASGI application: the base that runs pipelines."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Mapping
from pathlib import Path

from localcloud.asgi import App
from localcloud.bases import objects, snapshots
from localcloud.bases.lifespan import Lifespan
from localcloud.bases.notifications import correct_notifications

_QUIET = {
    "LOG_LEVEL": "ERROR",
    # Listeners and daemons of services that nobody here asked for.
    "SFTP_ENABLED": "0",
    "IOT_MTLS_ENABLED": "0",
    # At start and stop MiniStack removes containers that it labelled: never touch a user's Docker.
    "DOCKER_HOST": "unix:///nonexistent",
}


class MiniStack:
    """State is read at the start and written by ``keep`` and at a clean stop: a SIGKILL loses what came since.

    Queue URLs are kept with the canonical ``localhost:4566`` and rewritten to the host that a caller used, so
    that a queue made on one port is found again when the cloud restarts on another.
    """

    account = "000000000000"

    def __init__(self, state: Path | None) -> None:
        self._folder = state.resolve() / "services" if state else None
        self._keeping = asyncio.Lock()
        if self._folder:
            snapshots.prepare(self._folder)
        os.environ.update(_environment(self._folder))  # read when MiniStack's modules are imported, never later
        from ministack.app import app

        correct_notifications()
        self._app: App = app
        self._lifespan = Lifespan(app)

    @property
    def app(self) -> App:
        return self._app

    async def start(self) -> None:
        await self._lifespan.start()
        objects.restore()

    async def keep(self) -> None:
        if self._folder is not None:
            await asyncio.shield(self._write(self._folder))  # a cancelled job leaves no writing behind for ``stop``

    async def _write(self, folder: Path) -> None:
        async with self._keeping:
            await asyncio.to_thread(snapshots.write, snapshots.take(), folder)

    async def stop(self) -> None:
        async with self._keeping:
            objects.save()
            await self._lifespan.stop()


def _environment(folder: Path | None) -> Mapping[str, str]:
    if folder is None:
        return {**_QUIET, "PERSIST_STATE": "0", "S3_PERSIST": "0"}
    return {
        **_QUIET,
        "PERSIST_STATE": "1",
        "STATE_DIR": str(folder),
        "S3_PERSIST": "0",
    }
