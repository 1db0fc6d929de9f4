"""What a message costs that needs one heartbeat: handlers that outlast half of the visibility timeout, and send.

    python -m benchmarks.runtime.beats [--messages 400]

Exits 1 above 0.45 requests a message.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from dataclasses import replace
from pathlib import Path

from benchmarks.runtime.cloud import Cloud, counting_cloud
from benchmarks.runtime.contenders import CONTENDERS
from benchmarks.runtime.counting import Counts
from benchmarks.runtime.measure import Bench, Scale

LIMIT = 0.45
VISIBILITY_S, CONCURRENCY = "10", "40"


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=400)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder, counting_cloud() as cloud:
        counts = beaten(cloud, Path(folder), options.messages)
    cost = counts.units("sqs") / options.messages
    parts = {action: n for (service, action, _), n in sorted(counts.requests.items()) if service == "sqs"}
    print(f"{cost:.2f} requests a message with one heartbeat and one send each ({parts} for {options.messages})")
    return 0 if cost <= LIMIT else 1


def beaten(cloud: Cloud, folder: Path, messages: int) -> Counts:
    """What the cloud counted while so many messages, there from the start, were handled, renewed once and deleted."""
    found = next(c for c in CONTENDERS if c.environ.get("BENCH_STORE") == "dynamodb")
    environ = {**found.environ, "BENCH_VISIBILITY": VISIBILITY_S, "BENCH_CONCURRENCY": CONCURRENCY}
    contender = replace(found, environ=environ)
    bench = Bench(cloud, Path(sys.executable), folder, Scale(1, 1, 0, 0, 0))
    bench.fill(contender, "long", messages)
    before = cloud.counts()[0]
    with bench.start(contender) as process:
        return bench.done(contender, process, before, messages)


if __name__ == "__main__":
    sys.exit(main())
