"""Inference, measured: what questions are answered from, and how.

    python -m benchmarks.inference [--quick] [--only SECTION …]

Appends its tables to benchmarks/RESULTS.md (not with --quick or --only). The first run makes the peers' environment.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from benchmarks import peers
from benchmarks.inference import depth, recall, searching
from benchmarks.inference.reader import section as reader

PINS = searching.PINS
RESULTS = Path(__file__).parents[1] / "RESULTS.md"

SECTIONS: dict[str, Callable[[bool], str]] = {
    "search": searching.section,
    "recall": recall.section,
    "depth": depth.section,
    "reader": reader.reader,
    "reader-speed": reader.reader_speed,
}
"""What is measured, in order: told ``quick``, each gives a sentence and its table. A new measurement is a line here."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="a tenth of the material")
    parser.add_argument("--only", nargs="+", choices=list(SECTIONS), help="some of the measurements")
    options = parser.parse_args()
    parts = [SECTIONS[name](options.quick) for name in options.only or SECTIONS]
    text = _section(parts)
    print(text)
    if not options.quick and not options.only:
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write(text)


def _section(parts: list[str]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in peers.pins(PINS).items())
    return "\n".join([
        f"\n## Inference, {datetime.now(UTC):%Y-%m-%d}\n",
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}; "
        f"numpy {np.__version__}, {versions}.",
        "Command: `python -m benchmarks.inference`.\n",
        "\n\n".join(parts), "",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
