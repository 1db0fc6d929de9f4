"""What is measured: outcomes, recall, throughput, memory."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.ingest.docx_truth import visible_text
from benchmarks.ingest.korean_edges import Judged, judged
from benchmarks.ingest.outcomes import Outcomes, outcomes_of
from benchmarks.ingest.readers import FileRead, Reading, read
from benchmarks.ingest.words import pooled, precision, recall, words

VERTICAL = ("jo.pdf", "issue-449-vertical.pdf", "simple3.pdf")
"""Written from top to bottom: the goal speaks of horizontal text."""
MIXED = frozenset([".pdf", ".docx", ".pptx", ".xlsx", ".html", ".htm", ".csv", ".md", ".txt"])
"""What both markitdown and groundtune read."""
WORST = 8


@dataclass(frozen=True)
class Recall:
    """Recall against a reference. ``worst``: (words missing, recall, words of the reference, file)."""

    pooled: float
    precision: float
    files: int
    worst: list[tuple[int, float, int, str]]


@dataclass
class Findings:
    """All that one run found. ``speeds``: reader -> what it read, by title of a comparison."""

    outcomes: Outcomes | None = None
    recalls: dict[str, Recall] = field(default_factory=dict)
    speeds: dict[str, dict[str, Reading]] = field(default_factory=dict)
    peak: FileRead | None = None
    korean: Judged | None = None


class Bench:
    """The benchmark over a folder of real files and the project's examples."""

    def __init__(self, data: Path, examples: Path, interpreter: Path, rounds: int) -> None:
        self.rounds = rounds
        self._peer = interpreter
        self._data = data
        self._files = sorted(path for folder in (data, examples) for path in folder.rglob("*") if path.is_file())

    def run(self) -> Findings:
        found = Findings()
        pdfs = self._of(".pdf")
        found.outcomes = outcomes_of(self._data)
        found.speeds["PDFs"] = {
            "groundtune: text, pages, links": self._ours("groundtune-pdf", pdfs),
            **{title: self._theirs(name, pdfs) for title, name in (
                ("bare pypdfium2: text", "bare-pypdfium2"), ("pypdf: text, pages, links", "pypdf"),
                ("pdfminer.six: text", "pdfminer.six"),
            )},
        }  # fmt: skip
        mixed = [file for file in self._files if file.suffix.lower() in MIXED]
        found.speeds["a mixed folder"] = {
            "groundtune: parsed and cut": self._ours("groundtune", mixed),
            "markitdown": self._theirs("markitdown", mixed),
        }
        ours, *_, pdfminer = found.speeds["PDFs"].values()
        found.recalls["PDF against pdfminer.six"] = recalled(pdfminer.files, ours.files)
        docx = self._ours("groundtune-parse", self._of(".docx"), rounds=1).files
        truth = [FileRead(file.path, visible_text(file.path), "", 0) for file in docx]
        found.recalls["DOCX against all visible w:t"] = recalled(truth, docx)
        found.korean = judged(self._files, self._peer)
        found.peak = self._ours("groundtune", self._files, rounds=1).peak
        return found

    def _of(self, suffix: str) -> list[Path]:
        return [file for file in self._files if file.suffix.lower() == suffix]

    def _ours(self, name: str, files: Sequence[Path], rounds: int | None = None) -> Reading:
        print(name, flush=True)
        return read(name, Path(sys.executable), files, rounds or self.rounds)

    def _theirs(self, name: str, files: Sequence[Path]) -> Reading:
        print(name, flush=True)
        return read(name, self._peer, files, self.rounds)


def recalled(reference: Sequence[FileRead], found: Sequence[FileRead]) -> Recall:
    """Word recall over the files that we ingested and in which the reference finds horizontal text."""
    pairs: dict[Path, tuple[Counter[str], Counter[str]]] = {}
    for theirs, ours in zip(reference, found, strict=True):
        if theirs.text.strip() and not ours.error and theirs.path.name not in VERTICAL:
            pairs[theirs.path] = words(theirs.text), words(ours.text)
    rows = [
        (wanted.total() - (wanted & got).total(), recall(wanted, got), wanted.total(), path.name)
        for path, (wanted, got) in pairs.items()
    ]
    worst = [row for row in sorted(rows, key=lambda row: (-row[0], row[3])) if row[0]][:WORST]
    return Recall(pooled(pairs.values()), precision(pairs.values()), len(pairs), worst)
