"""Named arrays in one file, written block by block and opened memory-mapped: nothing is read until it is used.

Layout: eight bytes that name the format and its version; each array's bytes, aligned; a table of contents as JSON; the
table's place and the eight bytes again. Numbers are little-endian. Equal arrays give equal bytes.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable
from pathlib import Path
from typing import IO, Any

import numpy as np

from shared.retrieval.mapped import mapped

MAGIC = b"GTINDEX2"
_ALIGNED = 64
_FOOTER = struct.Struct("<Q8s")

Array = np.ndarray[Any, np.dtype[Any]]


class ContainerWriter:
    """Writes arrays one after the other into an open binary file; ``close`` ends it with its table of contents."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._table: dict[str, list[Any]] = {}
        file.write(MAGIC)

    def add(self, name: str, kind: str, blocks: Iterable[Array]) -> None:
        """One array made of blocks; ``kind`` is numpy's name of its items, such as ``<u4``."""
        self._file.write(b"\0" * (-self._file.tell() % _ALIGNED))
        start, items = self._file.tell(), 0
        for block in blocks:
            self._file.write(np.ascontiguousarray(block, dtype=kind).tobytes())
            items += len(block)
        self._table[name] = [kind, start, items]

    def close(self) -> None:
        place = self._file.tell()
        self._file.write(json.dumps(self._table, sort_keys=True).encode())
        self._file.write(_FOOTER.pack(place, MAGIC))


class Container:
    """The arrays of a file, read-only. Raises ValueError for a file of another format or version."""

    def __init__(self, path: Path) -> None:
        whole = mapped(path)
        if len(whole) < len(MAGIC) + _FOOTER.size or whole[: len(MAGIC)] != MAGIC:
            raise ValueError(f"{path.name} is no index of this version")
        place, end = _FOOTER.unpack(whole[-_FOOTER.size :])
        if end != MAGIC:
            raise ValueError(f"{path.name} is cut off")
        self._whole = whole
        self._table = json.loads(whole[place : -_FOOTER.size])

    def __getitem__(self, name: str) -> Array:
        kind, start, items = self._table[name]
        return np.frombuffer(self._whole, dtype=kind, count=items, offset=start)
