"""A contestant's process: its CPU time with that of its children, and its end. Linux's /proc."""

from __future__ import annotations

import os
import signal
import subprocess
import time
from collections.abc import Mapping
from contextlib import suppress
from pathlib import Path
from types import TracebackType

TICKS = os.sysconf("SC_CLK_TCK")
LAST_WORDS = 300
"""Characters of what a process that went wrong said last."""


class Process:
    """In a session of its own, so that ending it ends its children, too."""

    def __init__(self, command: list[str], environ: Mapping[str, str], log: Path) -> None:
        self._log = log
        with log.open("w") as file:
            self._process = subprocess.Popen(
                command, env=environ, stdout=file, stderr=file, stdin=subprocess.DEVNULL, start_new_session=True,
                cwd=log.parent,
            )  # fmt: skip

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def ended(self) -> bool:
        return self._process.poll() is not None

    def cpu_s(self) -> float:
        """User and system seconds of the process, its living descendants and those it has waited for."""
        return sum(_ticks(pid) for pid in descendants(self.pid)) / TICKS

    def last_words(self) -> str:
        text = " ".join(self._log.read_text(errors="replace").split())
        return text[-LAST_WORDS:]

    def terminate(self, patience_s: float) -> float | None:
        """Sends SIGTERM; seconds until all had ended, None when it had to be killed after ``patience_s``."""
        begun = time.monotonic()
        self._process.send_signal(signal.SIGTERM)
        try:
            self._process.wait(patience_s)
            return time.monotonic() - begun
        except subprocess.TimeoutExpired:
            return None
        finally:
            self.kill()

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.killpg(self.pid, signal.SIGKILL)
        self._process.wait()

    def __enter__(self) -> Process:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.kill()


def descendants(root: int) -> list[int]:
    """The process and all that descend from it."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit() and (fields := _stat(int(entry.name))):
            parents[int(entry.name)] = int(fields[1])
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found


def resident_bytes(pid: int) -> int:
    """Resident set size; 0 when the process has ended."""
    try:
        pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    except OSError:
        return 0
    return pages * os.sysconf("SC_PAGE_SIZE")


def _ticks(pid: int) -> int:
    return sum(int(value) for value in _stat(pid)[11:15])


def _stat(pid: int) -> list[str]:
    """Fields from the third on (proc(5)), none when the process has ended."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return []
