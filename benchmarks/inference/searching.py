"""Search by words beside other libraries, and by meaning too, over many chunks."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from benchmarks import peers
from benchmarks.data.table import table
from benchmarks.inference import corpus

CONTESTANT = Path(__file__).parent / "contestant.py"
PINS = Path(__file__).parent / "peers.txt"
ROOT = Path(__file__).parents[2]
CHUNKS = 100_000
FEW = 2_000
"""Where an analyzer takes its time."""
ASKED = 40
"""Questions: rank_bm25 needs a second for one."""


@dataclass(frozen=True)
class Searched:
    """One contestant over one corpus; CPU seconds and milliseconds of one thread."""

    title: str
    language: str
    chunks: int
    build_s: float
    median_ms: float
    p95_ms: float
    peak_kib: int

    @property
    def rate(self) -> float:
        """Chunks indexed a CPU second."""
        return self.chunks / self.build_s


def section(quick: bool) -> str:
    interpreter, failed = peers.python(PINS)
    if failed:
        sys.exit("; ".join(f"{name} could not be installed: {reason}" for name, reason in failed.items()))
    told = _table(_searches(interpreter, quick))
    return (
        "Search, CPU time of one thread, the five best chunks; aims: 10 ms by words, 30 ms by words and meaning (384 "
        "dimensions, without encoding the question), 5,000 English and 200 Korean chunks indexed a second:\n\n" + told
    )


def _searches(interpreter: Path, quick: bool) -> list[Searched]:
    share = 10 if quick else 1
    ours = Path(sys.executable)
    with tempfile.TemporaryDirectory() as folder:
        english = _written(Path(folder), "en", CHUNKS // share)
        korean, few = (_written(Path(folder), "ko", count // share) for count in (CHUNKS, FEW))
        return [
            _run("rank_bm25", interpreter, "rank-bm25", english),
            _run("bm25s", interpreter, "bm25s", english),
            _run("groundtune, words", ours, "groundtune", english),
            _run("groundtune, words and meaning", ours, "groundtune-hybrid", english),
            _run("groundtune, words", ours, "groundtune", korean),
            _run("groundtune, morphemes", ours, "groundtune-morphemes", few),
        ]


def _written(folder: Path, language: str, count: int) -> Path:
    file = folder / f"{language}-{count}.json"
    asked = corpus.questions(language)
    given = {"texts": corpus.texts(language, count), "questions": asked[:: -(-len(asked) // ASKED)]}
    file.write_text(json.dumps(given), encoding="utf-8")
    return file


def _run(title: str, interpreter: Path, name: str, file: Path) -> Searched:
    print(name, file.stem, flush=True)
    command = [str(interpreter), str(CONTESTANT), name, str(file)]
    environment = {
        "PYTHONPATH": str(ROOT),
        "PATH": "/usr/bin:/bin",
        "OMP_NUM_THREADS": "1",
        "OPENBLAS_NUM_THREADS": "1",
    }
    done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
    if done.returncode:
        sys.exit(f"{title} failed over {file.stem}: {done.stderr.strip()[-500:]}")
    return Searched(title, file.stem.split("-")[0], **json.loads(done.stdout))


def _table(found: list[Searched]) -> str:
    """Ratios to the first row, the plain peer, over the same chunks."""
    rows = [
        [
            one.title, one.language, f"{one.chunks:,}", f"{one.rate:,.0f}", f"{one.median_ms:.2f}", f"{one.p95_ms:.2f}",
            f"{found[0].median_ms / one.median_ms:,.0f}" if one.language == found[0].language else "–",
            f"{one.peak_kib / 1024:,.0f}",
        ]
        for one in found
    ]  # fmt: skip
    head = [
        "search", "language", "chunks", "indexed a CPU second", "CPU ms a question, median", "95th percentile",
        "× rank_bm25", "peak MiB",
    ]  # fmt: skip
    return table(head, rows)
