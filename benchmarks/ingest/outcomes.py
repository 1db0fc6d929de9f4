"""What became of every file, by the command as a person runs it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

PATIENCE_S = 900
ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Outcomes:
    """``counts``: (suffix, ``ingested`` or code) -> files. ``missing``: files without a line."""

    files: int
    missing: int
    seconds: float
    jobs: int
    counts: Counter[tuple[str, str]]


def outcomes_of(folder: Path) -> Outcomes:
    """Runs ``groundtune parse`` over a folder. Raises CalledProcessError when it does not succeed."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    jobs = os.cpu_count() or 1
    with tempfile.TemporaryDirectory() as place:
        out, begun = Path(place) / "out.jsonl", time.monotonic()
        command = [sys.executable, "-m", "cli", "parse", str(folder), "--out", str(out), "--jobs", str(jobs)]
        environ = {**os.environ, "PYTHONPATH": str(ROOT)}
        subprocess.run(command, check=True, env=environ, timeout=PATIENCE_S, capture_output=True)
        seconds = time.monotonic() - begun
        lines = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    missing = {str(path) for path in files} - {line["path"] for line in lines}
    return Outcomes(len(files), len(missing), seconds, jobs, Counter(map(_outcome, lines)))


def _outcome(line: dict[str, Any]) -> tuple[str, str]:
    return _suffix(line["path"]), line["reason"]["code"] if line["reason"] else "ingested"


def _suffix(path: str) -> str:
    return Path(path).suffix.lower() if len(Path(path).suffix) <= 6 else ""
