"""Inference, measured: what questions are answered from, and how.

    python -m benchmarks.inference [--quick] [--only SECTION …]

Appends its tables to benchmarks/RESULTS.md (not with --quick or --only). The first run makes the peers' environment.
"""

from __future__ import annotations

import numpy as np

from benchmarks.inference import depth, recall, searching
from benchmarks.inference.reader import section as reader
from benchmarks.sections import Section, run

PINS = searching.PINS

SECTIONS: dict[str, Section] = {
    "search": searching.section,
    "recall": recall.section,
    "depth": depth.section,
    "reader": reader.reader,
    "reader-speed": reader.reader_speed,
}
"""What is measured, in order: told ``quick``, each gives a sentence and its table. A new measurement is a line here."""


def main() -> None:
    run(
        SECTIONS, description=__doc__, quick="a tenth of the material", title="Inference",
        command="`python -m benchmarks.inference`", pins=PINS, versions={"numpy": np.__version__},
    )  # fmt: skip


if __name__ == "__main__":
    main()
