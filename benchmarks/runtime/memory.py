"""Resident memory of one process over many messages: the last tenth beside the second.

    python -m benchmarks.runtime.memory [--messages 100000] [--store none]

Exits 1 when the last tenth's median lies more than 5 % above the second tenth's.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from benchmarks.runtime.cloud import Cloud, counting_cloud
from benchmarks.runtime.contenders import CONTENDERS, Contender
from benchmarks.runtime.measure import Bench, Scale
from benchmarks.runtime.process import Process, resident_bytes

GROWTH = 0.05
BATCH = 2000
"""Messages that lie in the queue at a time: the whole lot would make the server slow."""
LOOK_S = 0.1


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=100_000)
    parser.add_argument("--store", choices=("dynamodb", "none"), default="none")
    options = parser.parse_args()
    contender = next(c for c in CONTENDERS if c.environ.get("BENCH_STORE") == options.store)
    with tempfile.TemporaryDirectory() as folder, counting_cloud() as cloud:
        sizes = resident(cloud, contender, Path(folder), options.messages)
    second, last = tenths(sizes)
    print(f"{options.messages} messages: second tenth {second / 2**20:.1f} MiB, last {last / 2**20:.1f} MiB, "
          f"{last / second - 1:+.1%}")  # fmt: skip
    return 0 if last <= second * (1 + GROWTH) else 1


def resident(cloud: Cloud, contender: Contender, folder: Path, messages: int) -> list[int]:
    """Bytes each time that another batch was done."""
    bench = Bench(cloud, Path(sys.executable), folder, Scale(1, 1, 0, 0, 0))
    url, sizes = cloud.create(contender.queues[0]), []
    bench.fill(contender, "empty", BATCH)
    with bench.start(contender) as process:
        for done in range(BATCH, messages + BATCH, BATCH):
            _emptied(cloud, url, process)
            sizes.append(resident_bytes(process.pid))
            if done < messages:
                bench.fill(contender, "empty", BATCH)
    return sizes


def tenths(sizes: Sequence[float]) -> tuple[float, float]:
    """Medians of the second and of the last tenth of at least ten values."""
    tenth = len(sizes) // 10
    return statistics.median(sizes[tenth : 2 * tenth]), statistics.median(sizes[-tenth:])


def _emptied(cloud: Cloud, url: str, process: Process) -> None:
    while sum(cloud.left(url).values()):
        if process.ended:
            raise SystemExit(f"the worker ended: {process.last_words()}")
        time.sleep(LOOK_S)


if __name__ == "__main__":
    sys.exit(main())
