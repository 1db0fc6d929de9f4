"""ROUGE beside its peers: the same pairs, one process after the other, rounds interleaved."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks import peers
from benchmarks.data.table import table
from benchmarks.scorer.contestant import SCORERS
from benchmarks.scorer.texts import texts

CONTESTANT = Path(__file__).parent / "contestant.py"
PINS = Path(__file__).parent / "peers.txt"
ROOT = Path(__file__).parents[2]
PAIRS = {60: (1000, 10_000), 200: (100, 4000), 600: (15, 1500)}
"""Words in a text → pairs for peers, and for ours."""
AIMS = {60: 20, 200: 50, 600: 150}
ROUNDS = 3


@dataclass(frozen=True)
class Run:
    """One contestant over one file, or why it could not run."""

    rate: float = 0.0
    values: tuple[float, ...] = ()
    failed: str = ""


def side_by_side(quick: bool) -> str:
    """Pairs a CPU second by length of the texts."""
    interpreter, missing = peers.python(PINS)
    if "rouge-score" in missing:
        sys.exit(f"rouge-score could not be installed: {missing['rouge-score']}")
    with tempfile.TemporaryDirectory() as folder:
        found = {words: _length(Path(folder), words, interpreter, missing, quick) for words in PAIRS}
    rows = [[name, *(cell(runs, name) for runs in found.values())] for name in SCORERS]
    head = ["pairs a CPU second (× rouge-score of the same types)", *(f"{words} words" for words in found)]
    aims = ", ".join(f"{aim} times at {words} words" for words, aim in AIMS.items())
    failures = {name: run.failed for runs in found.values() for name, run in runs.items() if run.failed}
    return "\n\n".join([
        f"ROUGE-1, -2, -3 and L, English texts in lines of 20 words; aims: rouge-score's rate {aims}:",
        table(head, rows),
        "Values equal to rouge-score's in every bit: " + ", ".join(_equal(found)) + ".",
        *(f"{name} could not be measured: {reason}." for name, reason in failures.items()),
    ])  # fmt: skip


def _length(folder: Path, words: int, interpreter: Path, missing: dict[str, str], quick: bool) -> dict[str, Run]:
    few, many = (max(2, count // 10) for count in PAIRS[words]) if quick else PAIRS[words]
    file = folder / f"{words}.json"
    file.write_text(json.dumps(asdict(texts(words, many))), encoding="utf-8")
    best: dict[str, Run] = {name: Run(failed=reason) for name, reason in missing.items() if name in SCORERS}
    for _ in range(1 if quick else ROUNDS):
        for name in SCORERS:
            if name in best and best[name].failed:
                continue
            ours = name.startswith("groundtune")
            run = _run(sys.executable if ours else str(interpreter), name, file, many if ours else few)
            best[name] = max(run, best.get(name, run), key=lambda run: run.rate)
    return best


def _run(python: str, name: str, file: Path, pairs: int) -> Run:
    print(name, file.stem, flush=True)
    command = [python, str(CONTESTANT), name, str(file), str(pairs)]
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        return Run(failed=done.stderr.strip().splitlines()[-1].replace(f"{ROOT}/", ""))
    told = json.loads(done.stdout.splitlines()[-1])
    return Run(told["pairs"] / told["cpu_s"], tuple(told["values"]))


def cell(runs: dict[str, Run], name: str) -> str:
    run, peer = runs[name], runs[base(name)]
    return "–" if run.failed else f"{run.rate:,.0f} ({run.rate / peer.rate:.1f})"


def base(name: str) -> str:
    """The rouge-score that computes the same."""
    if name.endswith("stemmed"):
        return "rouge-score, Lsum too, stemmed"
    return "rouge-score, Lsum too" if "Lsum" in name else "rouge-score"


def _equal(found: dict[int, dict[str, Run]]) -> list[str]:
    """Our contestants that give the peers' values, over the pairs that both scored."""
    return [
        name
        for name in SCORERS
        if name.startswith("groundtune")
        and all(runs[name].values[: len(runs[base(name)].values)] == runs[base(name)].values for runs in found.values())
    ]
