"""The local cloud as a child process: for tests, and for runs that bring their own cloud."""

from __future__ import annotations

import asyncio
import subprocess
from collections.abc import Mapping
from contextlib import nullcontext
from pathlib import Path
from types import TracebackType

from localcloud.errors import DidNotStart
from localcloud.python import environment, module_command

_STOP_S = 20


def client_environment(endpoint: str) -> dict[str, str]:
    """What an AWS client needs to find a local cloud. Its keys are no secret: it takes any."""
    return {
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_REGION": "us-east-1",
        "AWS_DEFAULT_REGION": "us-east-1",
    }


class LocalCloud:
    """``async with LocalCloud() as cloud`` or, without a loop, ``with LocalCloud() as cloud``: then ``cloud.endpoint``.

    It has a core of its own and ends with this process, however this process ends. Raises DidNotStart with the reason.
    """

    endpoint: str
    """``http://127.0.0.1:PORT``, once started."""

    def __init__(
        self,
        *,
        port: int = 0,
        base: str = "ministack",
        state: Path | None = None,
        aliases: Mapping[str, str] | None = None,
        engine: str | None = None,
        engines: Mapping[str, str] | None = None,
        openai: str | None = None,
        openai_key_env: str | None = None,
        log: Path | None = None,
        batch_minimum: int | None = None,
        faults: Path | None = None,
        knowledge: Mapping[str, Path] | None = None,
    ) -> None:
        """``log`` gets what the process writes to stderr, which it otherwise shares with this one. ``batch_minimum``:
        records that a batch inference job must have, 100 unless told. ``engine`` is ``module:Class`` in place of the
        default one, ``engines`` others beside it by name, ``openai`` the URL of a server, as in
        ``docs/local-bedrock.md``. ``faults``: a file of trouble on purpose. ``knowledge``: folders of text by the id
        of the knowledge base that they are."""
        self._log = log
        self._command = [*module_command("localcloud"), "--with-parent", "--port", str(port), "--base", base]
        if state:
            self._command += ["--state", str(state)]
        for real, local in (aliases or {}).items():
            self._command += ["--alias", f"{real}={local}"]
        if engine:
            self._command += ["--engine", engine]
        for name, spec in (engines or {}).items():
            self._command += ["--engine", f"{name}={spec}" if name else spec]
        for option, value in (("--openai", openai), ("--openai-key-env", openai_key_env)):
            if value is not None:
                self._command += [option, value]
        if batch_minimum is not None:
            self._command += ["--batch-minimum", str(batch_minimum)]
        if faults:
            self._command += ["--faults", str(faults)]
        for id_, folder in (knowledge or {}).items():
            self._command += ["--knowledge-base", f"{id_}={folder}"]
        self._process: subprocess.Popen[str] | None = None

    @property
    def environment(self) -> dict[str, str]:
        """What an AWS client needs to find this cloud."""
        return client_environment(self.endpoint)

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> None:
        with self._log.open("a") if self._log else nullcontext() as log:
            self._process = subprocess.Popen(  # noqa: S603 - our own module
                self._command,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment(),
            )
        assert self._process.stdout is not None
        word, _, said = self._process.stdout.readline().strip().partition(" ")
        if word != "ready":
            self.stop()
            raise DidNotStart(f"the local cloud did not start: {said or 'its process ended without a word'}")
        self.endpoint = said

    def stop(self) -> None:
        """A clean stop, so that state is kept."""
        process, self._process = self._process, None
        if process is None:
            return
        process.terminate()
        try:
            process.wait(_STOP_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        for pipe in (process.stdin, process.stdout):
            if pipe:
                pipe.close()

    def __enter__(self) -> LocalCloud:
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    async def __aenter__(self) -> LocalCloud:
        await asyncio.to_thread(self.start)
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.to_thread(self.stop)
