"""How long a newcomer waits: ``groundtune --help``, and the example run from an empty state, with its memory.

    python -m benchmarks.first_run [--run RUN.yaml]

Appends a section to benchmarks/RESULTS.md. Memory is the sum of the proportional set sizes (PSS) of the command and
all its descendants, sampled twice a second (Linux only).
"""

from __future__ import annotations

import argparse
import os
import platform
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

RESULTS = Path(__file__).parent / "RESULTS.md"
ROOT = Path(__file__).parent.parent
HELPS = 7
PACKAGES = ("ministack", "aiobotocore", "torch", "sentence-transformers", "rouge-score")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--run", type=Path, default=ROOT / "examples/telco/run.yaml")
    run = parser.parse_args().run.resolve()
    helps = [_seconds([sys.executable, "-m", "cli", "--help"], ROOT) for _ in range(HELPS)]
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "cli", "run", str(run), "--out", "out"]
        fresh, peak = _measured(command, Path(folder))
        again, _ = _measured(command, Path(folder))
    lines = [
        f"\n## First run, {datetime.now(UTC):%Y-%m-%d}",
        f"\nPython {platform.python_version()}, {os.cpu_count()} cores, {_memory_gib():.0f} GiB; "
        + ", ".join(f"{name} {version(name)}" for name in PACKAGES)
        + ".\nCommand: `python -m benchmarks.first_run`.\n",
        "| what | measured | aim |\n|---|---|---|",
        f"| `groundtune --help`, median of {HELPS} | {statistics.median(helps):.2f} s | < 0.5 s |",
        f"| `groundtune run {run.name}`, empty state | {fresh:.1f} s | < 150 s |",
        f"| the same again, teacher cached | {again:.1f} s | |",
        f"| peak memory of all processes (PSS) | {peak / 2**30:.2f} GiB | < 4 GiB |",
    ]
    with RESULTS.open("a", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    print("\n".join(lines))


def _seconds(command: list[str], folder: Path) -> float:
    started = time.perf_counter()
    environ = {**os.environ, "PYTHONPATH": str(ROOT)}
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL, env=environ)
    return time.perf_counter() - started


def _measured(command: list[str], folder: Path) -> tuple[float, int]:
    """Seconds, and the highest memory of all processes together, bytes."""
    peak, ended = [0], threading.Event()
    watcher = threading.Thread(target=_watch, args=(os.getpid(), peak, ended))
    watcher.start()
    try:
        return _seconds(command, folder), peak[0]
    finally:
        ended.set()
        watcher.join()


def _watch(root: int, peak: list[int], ended: threading.Event) -> None:
    while not ended.wait(0.5):
        peak[0] = max(peak[0], sum(_pss(pid) for pid in _descendants(root)))


def _descendants(root: int) -> list[int]:
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            try:
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
            except OSError:
                continue  # it ended while we looked
    found = [root]
    for pid in found:
        found += [child for child, parent in parents.items() if parent == pid]
    return found[1:]


def _pss(pid: int) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:")), 0)


def _memory_gib() -> float:
    return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30


if __name__ == "__main__":
    main()
