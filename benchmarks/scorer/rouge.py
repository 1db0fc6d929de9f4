"""ROUGE beside its peers: the same pairs, one process after the other."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import asdict
from pathlib import Path

from benchmarks import peers
from benchmarks.data.table import table
from benchmarks.scorer.contestant import SCORERS
from benchmarks.scorer.texts import texts

CONTESTANT = Path(__file__).parent / "contestant.py"
PINS = Path(__file__).parent / "peers.txt"
ROOT = Path(__file__).parents[2]
PAIRS = {60: 2000, 200: 200, 600: 20}
"""Pairs by words in a text."""


def side_by_side(quick: bool) -> str:
    """Pairs a CPU second by length."""
    interpreter, failed = peers.python(PINS)
    if failed:
        sys.exit("; ".join(f"{name} could not be installed: {reason}" for name, reason in failed.items()))
    with tempfile.TemporaryDirectory() as folder:
        rates = {
            words: {name: _rate(_python(name, interpreter), name, _file(folder, words, count)) for name in SCORERS}
            for words, count in PAIRS.items()
            if not quick or words == 60
        }
    rows = [[name, *(f"{rates[words][name]:,.0f}" for words in rates)] for name in SCORERS]
    return "ROUGE, pairs a CPU second by words in a text:\n\n" + table(["", *map(str, rates)], rows)


def _file(folder: str, words: int, count: int) -> Path:
    file = Path(folder) / f"{words}.json"
    file.write_text(json.dumps(asdict(texts(words, count))), encoding="utf-8")
    return file


def _rate(interpreter: str, name: str, file: Path) -> float:
    command = [interpreter, str(CONTESTANT), name, str(file)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        sys.exit(f"{name} failed over {file.name}: {done.stderr.strip()[-500:]}")
    told = json.loads(done.stdout)
    return float(told["pairs"] / told["cpu_s"])


def _python(name: str, interpreter: Path) -> str:
    return sys.executable if name == "groundtune" else str(interpreter)
