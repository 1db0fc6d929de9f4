"""Local clouds for the integration tests: each base is a process of its own on a free port, for the whole session."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from shared.provision.apply import provision
from shared.runtime.connection import Connection, connect
from shared.settings import Settings
from shared.testing import FakeBedrock
from shared.topology import Topology, load_topology

BASES = {
    "ministack": ["-m", "uvicorn", "ministack.app:app", "--host", "127.0.0.1", "--log-level", "warning", "--port"],
    "moto": ["-m", "localcloud", "--base", "moto", "--port"],
}


@pytest.fixture(scope="session", params=list(BASES))
def endpoint(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of a running cloud; a test that asks for it runs once per base."""
    port = _free_port()
    folder = tmp_path_factory.mktemp(request.param)
    environment = {**os.environ, "LOG_LEVEL": "WARNING", "S3_DATA_DIR": str(folder), "STATE_DIR": str(folder)}
    with open(folder / "log", "wb") as log:
        command = [sys.executable, *BASES[request.param], str(port)]
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            _await_port(port, process, folder / "log")
            yield f"http://127.0.0.1:{port}"
        finally:
            process.terminate()
            process.wait(20)


@pytest.fixture
def settings(endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """Settings with names of their own, so that tests share a cloud and nothing in it."""
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.setenv(name, "test")
    monkeypatch.delenv("AWS_SESSION_TOKEN", raising=False)
    monkeypatch.delenv("AWS_PROFILE", raising=False)
    return Settings(name=f"t{uuid.uuid4().hex[:10]}", endpoint=endpoint, wait_s=1, grace_s=10)


@pytest.fixture
def topology() -> Topology:
    return load_topology(None)


@pytest.fixture
async def connection(settings: Settings, topology: Topology) -> AsyncIterator[Connection]:
    """A provisioned cloud, connected to."""
    await provision(settings, topology)
    async with connect(settings, bedrock=FakeBedrock()) as connected:
        yield connected


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _await_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
            return
        except OSError:
            time.sleep(0.1)
    pytest.fail(f"the cloud did not start: {log.read_text()[-2000:]}")
