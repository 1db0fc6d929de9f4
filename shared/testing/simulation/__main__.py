"""``python -m shared.testing.simulation``: many schedules, or one with all that happens in it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from typing import Any

from shared.testing.simulation.log import silent
from shared.testing.simulation.schedule import simulate


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when every schedule kept every promise, else 1."""
    parser = ArgumentParser(prog="python -m shared.testing.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="play one schedule")
    parser.add_argument("--verbose", action="store_true", help="tell all that happens")
    parser.add_argument("--schedules", type=int, default=1000, help="how many seeds to play (default: %(default)s)")
    parser.add_argument("--from", type=int, default=1, dest="first", help="the first of them (default: %(default)s)")
    given = parser.parse_args(arguments)
    seeds = [given.seed] if given.seed is not None else range(given.first, given.first + given.schedules)
    broken = 0
    for seed in seeds:
        verdict = simulate(seed, _tell if given.verbose else silent)
        if verdict.problems:
            broken += 1
            print(verdict, flush=True)
    print(f"{len(seeds)} schedules, {broken} of them broke a promise")
    return 1 if broken else 0


def _tell(action: str, **values: Any) -> None:
    print(f"{action:24}", *(f"{name}={value}" for name, value in values.items()))


if __name__ == "__main__":
    sys.exit(main())
