"""A fleet: worker processes kept running until they are asked to stop."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

from cli.child import child_command, child_environ
from shared.errors import CloudError

FIRST_PAUSE_S = 0.5
LONGEST_PAUSE_S = 30.0
STEADY_S = 20.0
"""A process that lived this long is no crash loop: its successor starts at once."""

REFUSALS = 3
"""Starts in a row that end with exit code 2: a person must act (no credentials, no queue, a missing package)."""
DEATHS = 10
"""Quick deaths in a row, for whatever reason."""

SPARE_S = 5.0
"""On top of the workers' own grace, before SIGKILL."""


@dataclass
class Child:
    """One place of the fleet and the process in it now. ``quick`` counts its quick deaths in a row."""

    worker: str
    number: int
    process: asyncio.subprocess.Process | None = None
    quick: int = 0
    started: float = field(default_factory=time.monotonic)

    @property
    def name(self) -> str:
        return f"{self.worker}-{self.number}"


class Supervisor:
    """``async with Supervisor(…)`` starts the fleet and stops it at the end; ``wait`` raises when it cannot work.

    ``scale``: processes by worker. ``environ``: theirs. ``logs``: folder for one file per process; None: they
    write where we write. ``say`` gets a line whenever a process died.
    """

    def __init__(
        self, scale: Mapping[str, int], environ: Mapping[str, str], *, logs: Path | None = None,
        grace_s: float = 25.0, say: Callable[[str], None] = print,
        command: Callable[..., list[str]] = child_command,
    ) -> None:  # fmt: skip
        self._children = [Child(worker, n) for worker, count in scale.items() for n in range(1, count + 1)]
        self._environ = child_environ(environ)
        self._logs = logs
        self._grace_s = grace_s
        self._say = say
        self._command = command
        self._stopping = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def pids(self) -> dict[str, int]:
        """Process ids by name (``scorer-1``) of what runs now."""
        return {c.name: c.process.pid for c in self._children if c.process and c.process.returncode is None}

    async def start(self) -> None:
        """Starts every process, or none."""
        if self._logs:
            self._logs.mkdir(parents=True, exist_ok=True)
        try:
            for child in self._children:
                await self._spawn(child)
        except BaseException:
            await self._abandon()
            raise
        self._tasks = [asyncio.create_task(self._keep(child), name=child.name) for child in self._children]

    async def wait(self) -> None:
        """Returns after ``stop``. Raises CloudError when a worker does not come up however often it is started."""
        done, _ = await asyncio.wait(self._tasks, return_when=asyncio.FIRST_EXCEPTION)
        for task in done:
            task.result()

    async def stop(self) -> None:
        """SIGTERM to all, the grace to finish what they have begun, SIGKILL to what is left."""
        self._stopping.set()
        self._signal("terminate")
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=self._grace_s + SPARE_S)
            if late:
                self._signal("kill")
                await asyncio.wait(late)

    async def __aenter__(self) -> Supervisor:
        await self.start()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.stop()

    async def _keep(self, child: Child) -> None:
        while True:
            assert child.process is not None
            code = await child.process.wait()
            if self._stopping.is_set():
                return
            await self._after_death(child, code)
            if self._stopping.is_set():
                return
            await self._spawn(child)

    async def _after_death(self, child: Child, code: int) -> None:
        """Says so and waits before the next start. Raises CloudError when there should be none."""
        child.quick = 1 if time.monotonic() - child.started > STEADY_S else child.quick + 1
        if child.quick >= (REFUSALS if code == 2 else DEATHS):
            raise CloudError(f"worker {child.worker} does not stay up ({_ending(code)}); {self._where(child)}")
        pause = min(FIRST_PAUSE_S * 2 ** (child.quick - 1), LONGEST_PAUSE_S)
        self._say(f"worker {child.name} died ({_ending(code)}); it starts again in {pause:g} s")
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), pause)

    async def _spawn(self, child: Child) -> None:
        async with self._output(child) as output:
            child.started = time.monotonic()
            # A session of its own: Ctrl-C in a terminal reaches us alone, and we pass it on as SIGTERM.
            child.process = await asyncio.create_subprocess_exec(
                *self._command("worker", child.worker), stdin=asyncio.subprocess.DEVNULL, stdout=output,
                stderr=output, env=self._environ, start_new_session=True,
            )  # fmt: skip
        if self._stopping.is_set():
            child.process.terminate()

    @asynccontextmanager
    async def _output(self, child: Child) -> AsyncIterator[int | None]:
        if self._logs is None:
            yield None
            return
        with self._log(child).open("ab") as file:
            yield file.fileno()

    def _log(self, child: Child) -> Path:
        assert self._logs is not None
        return self._logs / f"{child.name}.log"

    def _where(self, child: Child) -> str:
        return f"see {self._log(child)}" if self._logs else "its own words are above"

    def _signal(self, how: str) -> None:
        for child in self._children:
            if child.process and child.process.returncode is None:
                with contextlib.suppress(ProcessLookupError):
                    getattr(child.process, how)()

    async def _abandon(self) -> None:
        """Kills what a start that failed half way has begun."""
        self._signal("kill")
        for child in self._children:
            if child.process:
                await child.process.wait()


def _ending(code: int) -> str:
    return f"signal {-code}" if code < 0 else f"exit code {code}"
