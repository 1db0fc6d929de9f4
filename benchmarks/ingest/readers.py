"""Readers in processes of their own, on one core, over the same files."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SCRIPT = Path(__file__).parent / "contestant.py"
ROOT = Path(__file__).parents[2]
PATIENCE_S = 900


@dataclass(frozen=True)
class FileRead:
    """What a reader made of one file. ``peak_mib``: the most memory its process had held by then."""

    path: Path
    text: str
    error: str
    peak_mib: float


@dataclass(frozen=True)
class Reading:
    """One reader over all files: CPU seconds of each round, and the first round's texts."""

    cpu_s: list[float]
    bytes: int
    files: list[FileRead]

    @property
    def best_s(self) -> float:
        """The quickest round: what other programs on the machine add is never negative."""
        return min(self.cpu_s)

    @property
    def peak(self) -> FileRead:
        return max(self.files, key=lambda file: file.peak_mib)


def read(reader: str, interpreter: Path, files: Sequence[Path], rounds: int) -> Reading:
    """Runs a reader of ``contestant.py``. Raises CalledProcessError when its process fails."""
    command = [str(interpreter), str(SCRIPT), reader, str(rounds)]
    environ = {**os.environ, "PYTHONPATH": str(ROOT) if interpreter == Path(sys.executable) else ""}
    core = min(os.sched_getaffinity(0))
    done = subprocess.run(
        command, input="".join(f"{file}\n" for file in files), capture_output=True, text=True, check=True,
        env=environ, timeout=PATIENCE_S, preexec_fn=lambda: os.sched_setaffinity(0, {core}),
    )  # fmt: skip
    *lines, whole = (json.loads(line) for line in done.stdout.splitlines())
    found = [FileRead(Path(line["path"]), line["text"], line["error"], line["peak_kib"] / 1024) for line in lines]
    return Reading(whole["cpu_s"], whole["bytes"], found)
