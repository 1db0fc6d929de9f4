"""Scoring, measured beside named peers.

    python -m benchmarks.scorer [--quick] [--only SECTION …]

Appends its tables to benchmarks/RESULTS.md (not with --quick or --only). The first run makes the peers' environment.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.scorer.korean import korean
from benchmarks.scorer.memory import memory
from benchmarks.scorer.processes import processes
from benchmarks.scorer.side_by_side import side_by_side
from benchmarks.scorer.statistics import statistics
from benchmarks.sections import Section, run

PINS = Path(__file__).parent / "peers.txt"

SECTIONS: dict[str, Section] = {
    "rouge": side_by_side, "korean": korean, "processes": processes, "memory": memory, "statistics": statistics,
}  # fmt: skip
"""What is measured, in order; a new measurement is a function here, from --quick to Markdown."""


def main() -> None:
    run(
        SECTIONS, description=__doc__, quick="fewer texts, one round", title="Scoring beside peers",
        command="`python -m benchmarks.scorer`; CPU seconds of one process, texts read before the clock starts",
        pins=PINS,
    )  # fmt: skip


if __name__ == "__main__":
    main()
