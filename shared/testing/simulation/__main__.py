"""``python -m shared.testing.simulation``: many schedules, or one with all that happens in it."""

from __future__ import annotations

import sys
from argparse import ArgumentParser
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from shared.testing.simulation.many import cores, play
from shared.testing.simulation.schedule import Verdict, simulate


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit code 0 when every schedule kept every promise, else 1."""
    parser = ArgumentParser(prog="python -m shared.testing.simulation", description=__doc__)
    parser.add_argument("--seed", type=int, help="play one schedule")
    parser.add_argument("--verbose", action="store_true", help="tell all that happens in it")
    parser.add_argument("--schedules", type=int, default=1000, help="how many seeds to play (default: %(default)s)")
    parser.add_argument("--from", type=int, default=1, dest="first", help="the first of them (default: %(default)s)")
    parser.add_argument("--processes", type=int, default=cores(), help="that play at a time (default: %(default)s)")
    parser.add_argument("--count", action="store_true", help="tell at the end how often what happened")
    given = parser.parse_args(arguments)
    if given.seed is not None:
        return _report([simulate(given.seed, _tell) if given.verbose else simulate(given.seed)], count=given.count)
    return _report(play(range(given.first, given.first + given.schedules), given.processes), count=given.count)


def _report(verdicts: Iterable[Verdict], *, count: bool) -> int:
    played, broken, seen = 0, 0, Counter[str]()
    for verdict in verdicts:
        played += 1
        seen += verdict.seen
        if verdict.problems:
            broken += 1
            print(verdict, flush=True)
    for action, times in sorted(seen.items()) if count else ():
        print(f"{times:10}  {action}")
    print(f"{played} schedules, {broken} of them broke a promise")
    return 1 if broken else 0


def _tell(action: str, **values: Any) -> None:
    print(f"{action:24}", *(f"{name}={value}" for name, value in values.items()))


if __name__ == "__main__":
    sys.exit(main())
