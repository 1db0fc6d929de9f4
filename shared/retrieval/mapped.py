"""A file as memory: the system reads what is looked at and may forget it again. The file may be deleted meanwhile."""

from __future__ import annotations

import mmap
from pathlib import Path


def mapped(path: Path) -> mmap.mmap | bytes:
    """The file's bytes, read-only. An empty file cannot be mapped and is empty bytes."""
    with path.open("rb") as file:
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if path.stat().st_size else b""
