"""Near-duplicate search beside datasketch: equal texts in one run, then a million of them."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks.data.corpus import Corpus, corpus

CONTESTANT = Path(__file__).parent / "contestant.py"
ROOT = Path(__file__).parents[2]
SIDE_BY_SIDE = 100_000
MILLION = 1_000_000


@dataclass(frozen=True)
class Search:
    """One contestant over one corpus."""

    title: str
    texts: int
    cpu_s: float
    peak_mib: float
    pairs: int
    planted: int
    caught: int

    @property
    def rate(self) -> float:
        """Texts a CPU second."""
        return self.texts / self.cpu_s


def searches(interpreter: Path, quick: bool) -> list[Search]:
    """Ours and theirs over the same texts, ours over all, and one of four shards of these."""
    few, many = (SIDE_BY_SIDE // 10, MILLION // 10) if quick else (SIDE_BY_SIDE, MILLION)
    with tempfile.TemporaryDirectory() as folder:
        small, large = (_written(corpus(count), Path(folder) / f"{count}.json") for count in (few, many))
        return [
            _run("datasketch", interpreter, "datasketch", small),
            _run("groundtune", Path(sys.executable), "groundtune", small),
            _run("groundtune", Path(sys.executable), "groundtune", large),
            _run("groundtune, shard 1 of 4", Path(sys.executable), "groundtune-quarter", large),
        ]


def _written(made: Corpus, file: Path) -> Path:
    file.write_text(json.dumps({"texts": made.texts, "planted": made.planted}), encoding="utf-8")
    return file


def _run(title: str, interpreter: Path, name: str, file: Path) -> Search:
    print(name, file.stem, flush=True)
    command = [str(interpreter), str(CONTESTANT), name, str(file)]
    environment = {"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        sys.exit(f"{title} failed over {file.stem} texts: {done.stderr.strip()[-500:]}")
    told = json.loads(done.stdout)
    counts = (told["pairs"], told["planted"], told["caught"])
    return Search(title, told["texts"], told["cpu_s"], told["peak_kib"] / 1024, *counts)
