"""Our runtime beside named peers, in one run over one counting server.

    python -m benchmarks.runtime [--quick] [--only NAME …]

Appends a table to benchmarks/RESULTS.md (not with --quick or --only). The first run makes the peers' environment.
"""

from __future__ import annotations

import argparse
import os
import platform
import tempfile
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.runtime import peers
from benchmarks.runtime.cloud import counting_cloud
from benchmarks.runtime.contenders import CONTENDERS, Contender
from benchmarks.runtime.measure import FULL, QUICK, Bench, Sample, Scale
from benchmarks.runtime.prices import AS_OF, PER_MILLION
from benchmarks.runtime.table import rendered

RESULTS = Path(__file__).parents[1] / "RESULTS.md"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help="one small round, below a minute")
    parser.add_argument("--only", nargs="+", metavar="NAME", help="contenders whose name contains one of these")
    options = parser.parse_args()
    wanted = [c for c in CONTENDERS if not options.only or any(part in c.name for part in options.only)]
    scale = QUICK if options.quick else FULL
    interpreter, failed = peers.python()
    samples: dict[str, list[Sample]] = {contender.name: [] for contender in wanted}
    with tempfile.TemporaryDirectory() as folder, counting_cloud() as cloud:
        bench = Bench(cloud, interpreter, Path(folder), scale)
        for number in range(1, scale.rounds + 1):
            for contender in wanted:
                print(f"round {number}: {contender.name}", flush=True)
                samples[contender.name].append(_sampled(bench, contender, failed, whole=number == 1))
        working = [c for c in wanted if c.idles and not any(sample.problem for sample in samples[c.name])]
        idle = bench.idle(working) if scale.idle_s else {}
    text = _section(samples, idle, scale, "" if options.only is None else " --only")
    print(text)
    if not options.quick and not options.only:
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write(text)


def _sampled(bench: Bench, contender: Contender, failed: dict[str, str], *, whole: bool) -> Sample:
    missing = [f"{name} could not be installed: {failed[name]}" for name in contender.packages if name in failed]
    return Sample(problem="; ".join(missing)) if missing else bench.sample(contender, whole=whole)


def _section(samples: dict[str, list[Sample]], idle: dict[str, float], scale: Scale, more: str) -> str:
    versions = {**peers.pins(), "ministack": version("ministack")}
    shares = [s.server_share for rounds in samples.values() for s in rounds if s.server_share is not None]
    prices = ", ".join(f"{name} {price:g}" for name, price in PER_MILLION.items())
    command = f"python -m benchmarks.runtime{' --quick' if scale is QUICK else ''}{more}"
    return "\n".join([
        f"\n## Runtime beside peers, {datetime.now(UTC):%Y-%m-%d}\n",
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}; "
        + ", ".join(f"{name} {number}" for name, number in versions.items()) + ".",
        f"Command: `{command}`; {scale.rounds} interleaved rounds of CPU time: median (range); the rest once. 1 KB "
        "messages, one process each, ten at a time (bare: eight batches; boto3: one), logs from warnings up.",
        "Requests are billed ones per message, counted at the server. Dollars are per million messages of the run that "
        f"also sends one message each, by list prices of {AS_OF} per million: {prices}.",
        f"The server was busy {min(shares, default=0):.0%} to {max(shares, default=0):.0%} of the time while the empty "
        "handlers ran" + (": above 35 % it, not the contender, sets the wall time; CPU-seconds are the contender's own."
                          if max(shares, default=0) > 0.35 else ".") + "\n",
        rendered(samples, idle), "",
    ])  # fmt: skip


if __name__ == "__main__":
    main()
