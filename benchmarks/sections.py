"""A benchmark of named sections: all of them to benchmarks/RESULTS.md, or some of them to look at."""

from __future__ import annotations

import argparse
import os
import platform
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from pathlib import Path

from benchmarks import peers

RESULTS = Path(__file__).parent / "RESULTS.md"

Section = Callable[[bool], str]
"""Told ``quick``, a sentence and its table, as Markdown."""


def run(
    sections: Mapping[str, Section], *, description: str | None, quick: str, title: str, command: str, pins: Path,
    versions: Mapping[str, str] | None = None,
) -> None:  # fmt: skip
    """Reads the command line, prints what was measured and, where that is all of it in full, appends it.

    ``quick`` says what ``--quick`` leaves out; ``versions`` are named before those of the peers.
    """
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--quick", action="store_true", help=quick)
    parser.add_argument("--only", nargs="+", choices=list(sections), help="some of the measurements")
    options = parser.parse_args()
    parts = [sections[name](options.quick) for name in options.only or sections]
    named = {**(versions or {}), **peers.pins(pins)}
    text = "\n".join([
        f"\n## {title}, {datetime.now(UTC):%Y-%m-%d}\n",
        f"Python {platform.python_version()}, {os.cpu_count()} cores, {platform.system()} {platform.machine()}; "
        + ", ".join(f"{name} {number}" for name, number in named.items()) + ".",
        f"Command: {command}.\n",
        "\n\n".join(parts), "",
    ])  # fmt: skip
    print(text)
    if not options.quick and not options.only:
        with RESULTS.open("a", encoding="utf-8") as file:
            file.write(text)
