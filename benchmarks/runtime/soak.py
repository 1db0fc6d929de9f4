"""``kill -9`` of a random worker every few seconds through a whole run; every effect must be there exactly once.

    python -m benchmarks.runtime.soak [--messages 5000] [--workers 3] [--every 3] [--store dynamodb]

Each event's handler emits one event. An effect is an event of a distinct id in the next queue; a message that carries
an id again is a duplicate delivery, which its consumer's record makes harmless: both are counted. Exits 1 when an
effect is missing.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from pathlib import Path

from benchmarks.runtime.cloud import Cloud, counting_cloud
from benchmarks.runtime.contenders import CONTENDERS, Contender
from benchmarks.runtime.measure import Bench, Scale
from benchmarks.runtime.process import Process

LIMIT_S = 900.0
LOOK_S = 0.5
WAIT_S = "1"
"""Of a long poll. The poll of a killed worker goes on at the server and takes what comes with it for a whole lease."""


@dataclass
class Outcome:
    """``effects`` counts the messages by the id of their event."""

    killed: int = 0
    seconds: float = 0.0
    effects: Counter[str] = field(default_factory=Counter)

    def sentence(self, messages: int) -> str:
        again = sum(self.effects.values()) - len(self.effects)
        return (
            f"{messages} messages, {self.killed} workers killed in {self.seconds:.0f} s: {len(self.effects)} effects, "
            f"{messages - len(self.effects)} missing, {again} messages that repeat one"
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--messages", type=int, default=5000)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--every", type=float, default=3.0, help="seconds from one kill to the next")
    parser.add_argument("--store", choices=("dynamodb", "none"), default="dynamodb")
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    found = next(c for c in CONTENDERS if c.environ.get("BENCH_STORE") == options.store)
    contender = replace(found, environ={**found.environ, "GROUNDTUNE_WAIT_S": WAIT_S})
    with tempfile.TemporaryDirectory() as folder, counting_cloud() as cloud:
        soak = Soak(cloud, contender, Path(folder))
        outcome = soak.run(options.messages, options.workers, options.every, random.Random(options.seed))
    print(outcome.sentence(options.messages))
    return 0 if len(outcome.effects) == options.messages else 1


class Soak:
    """A fleet of one contender's workers that do not live long."""

    def __init__(self, cloud: Cloud, contender: Contender, folder: Path) -> None:
        self._cloud = cloud
        self._bench = Bench(cloud, Path(sys.executable), folder, Scale(1, 1, 0, 0, 0))
        self._contender = contender

    def run(self, messages: int, workers: int, every_s: float, chance: random.Random) -> Outcome:
        outcome, begun = Outcome(), time.monotonic()
        url, onward = (self._cloud.create(queue) for queue in self._contender.queues)
        self._bench.fill(self._contender, "forward", messages)
        fleet = [self._bench.start(self._contender) for _ in range(workers)]
        try:
            next_kill = begun + every_s
            while not self._done(url) and time.monotonic() - begun < LIMIT_S:
                time.sleep(LOOK_S)
                if time.monotonic() >= next_kill:
                    self._replace(fleet, chance)
                    outcome.killed, next_kill = outcome.killed + 1, next_kill + every_s
        finally:
            for process in fleet:
                process.kill()
        outcome.seconds = time.monotonic() - begun
        outcome.effects = self._effects(onward)
        return outcome

    def _replace(self, fleet: list[Process], chance: random.Random) -> None:
        place = chance.randrange(len(fleet))
        fleet[place].kill()
        fleet[place] = self._bench.start(self._contender)

    def _done(self, url: str) -> bool:
        return sum(self._cloud.left(url).values()) == 0

    def _effects(self, url: str) -> Counter[str]:
        count = self._cloud.left(url)["visible"]
        return Counter(json.loads(self._cloud.take(url)["MessageBody"])["id"] for _ in range(count))


if __name__ == "__main__":
    sys.exit(main())
