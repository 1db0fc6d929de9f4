"""doc-ingest beside named peers, over real files.

    python -m benchmarks.ingest [--quick] [--data FOLDER]

Appends its tables to benchmarks/RESULTS.md (not with --quick). The first run makes the peers' environment.
"""

from __future__ import annotations

import argparse
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import peers
from benchmarks.ingest.measures import Bench
from benchmarks.ingest.table import rendered

PINS = Path(__file__).parent / "peers.txt"
RESULTS = Path(__file__).parents[1] / "RESULTS.md"
DATA = Path(__file__).parents[3] / "shared" / "data"
EXAMPLES = Path(__file__).parents[2] / "examples" / "telco" / "documents"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one round instead of five")
    parser.add_argument("--data", type=Path, default=DATA, help="a folder of documents (default: ../shared/data)")
    options = parser.parse_args()
    if not options.data.is_dir():
        parser.error(f"{options.data} is no folder; name one with documents by --data")
    interpreter, failed = peers.python(PINS)
    if failed:
        sys.exit("; ".join(f"{name} could not be installed: {reason}" for name, reason in failed.items()))
    bench = Bench(options.data, EXAMPLES, interpreter, rounds=1 if options.quick else 5)
    text = _section(rendered(bench.run()), bench.rounds)
    print(text)
    if not options.quick:
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write(text)


def _section(tables: str, rounds: int) -> str:
    versions = ", ".join(f"{name} {number}" for name, number in peers.pins(PINS).items())
    return "\n".join([
        f"\n## Ingestion beside peers, {datetime.now(UTC):%Y-%m-%d}\n",
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}; "
        f"{versions}.",
        f"Command: `python -m benchmarks.ingest`; CPU seconds of one process on one core, best of {rounds} "
        "rounds over the same files, all read before the clock starts; a file that a reader fails on counts with the "
        "time it took.\n",
        tables, "",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
