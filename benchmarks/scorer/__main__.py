"""Scoring, measured beside named peers.

    python -m benchmarks.scorer [--quick] [--only SECTION …]

Appends its tables to benchmarks/RESULTS.md (not with --quick or --only). The first run makes the peers' environment.
"""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import peers
from benchmarks.scorer.korean import korean
from benchmarks.scorer.memory import memory
from benchmarks.scorer.processes import processes
from benchmarks.scorer.side_by_side import side_by_side

PINS = Path(__file__).parent / "peers.txt"
RESULTS = Path(__file__).parents[1] / "RESULTS.md"

SECTIONS: dict[str, Callable[[bool], str]] = {
    "rouge": side_by_side, "korean": korean, "processes": processes, "memory": memory,
}  # fmt: skip
"""What is measured, in order; a new measurement is a function here, from --quick to Markdown."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="fewer texts, one round")
    parser.add_argument("--only", nargs="+", choices=list(SECTIONS), help="some of the measurements")
    options = parser.parse_args()
    text = _section([SECTIONS[name](options.quick) for name in options.only or SECTIONS])
    print(text)
    if not options.quick and not options.only:
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write(text)


def _section(parts: list[str]) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in peers.pins(PINS).items())
    return "\n".join([
        f"\n## Scoring beside peers, {datetime.now(UTC):%Y-%m-%d}\n",
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}; "
        f"{versions}.",
        "Command: `python -m benchmarks.scorer`; CPU seconds of one process, texts read before the clock starts.\n",
        "\n\n".join(parts), "",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
