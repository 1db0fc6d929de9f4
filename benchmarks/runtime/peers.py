"""The peers that the runtime is measured beside."""

from __future__ import annotations

from pathlib import Path

from benchmarks import peers

PINS = Path(__file__).parent / "peers.txt"


def pins() -> dict[str, str]:
    """Version by package."""
    return peers.pins(PINS)


def python() -> tuple[Path, dict[str, str]]:
    """The environment's interpreter, and by package why it could not be installed."""
    return peers.python(PINS)
