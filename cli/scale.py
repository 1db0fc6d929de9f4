"""How many processes of each worker: ``scorer=4,inference=2``."""

from __future__ import annotations

from cli.workers import WORKERS
from shared.errors import BadInput
from shared.nearest import nearest

MOST = 100


def parse_scale(text: str) -> dict[str, int]:
    """Processes by worker, one where nothing is said. Raises BadInput naming what is wrong."""
    scale = dict.fromkeys(WORKERS, 1)
    for part in filter(None, (part.strip() for part in text.split(","))):
        name, _, count = (piece.strip() for piece in part.partition("="))
        if name not in WORKERS:
            raise BadInput(f"--scale: no worker is named {name!r}{nearest(name, WORKERS)}")
        if not count.isdecimal() or int(count) > MOST:
            raise BadInput(f"--scale: {part!r} must be {name}=N with N from 0 to {MOST}")
        scale[name] = int(count)
    return scale
