"""Compound files (MS-CFB) for tests: olefile reads them and cannot write any."""

from __future__ import annotations

import struct

_SECTOR = 512
_LEAST_STREAM = 4096
_FREE, _END, _FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
_STORAGE, _STREAM, _ROOT = 1, 2, 5


def compound_file(streams: dict[str, bytes]) -> bytes:
    """A compound file of streams by path, ``BodyText/Section0``, in one level of storages.

    Streams are filled up with zeros to the size from which they need no mini stream.
    """
    streams = {path: data.ljust(_LEAST_STREAM, b"\0") for path, data in streams.items()}
    entries: list[tuple[str, int, int, int, int, int]] = []  # name, kind, left, right, child, index of its data
    tree: dict[str, list[str]] = {"": []}
    for path in streams:
        folder, _, name = path.rpartition("/")
        if folder and folder not in tree:
            tree[folder] = []
            tree[""].append(folder)
        tree[folder].append(path if folder else name)
    order = ["", *tree[""], *(path for folder in tree if folder for path in tree[folder])]
    place = {path: index for index, path in enumerate(order)}
    sectors: list[bytes] = []
    fat: list[int] = []

    def chain(data: bytes) -> int:
        if not data:
            return _END
        first = len(sectors)
        count = -(-len(data) // _SECTOR)
        sectors.extend(data[n * _SECTOR : (n + 1) * _SECTOR].ljust(_SECTOR, b"\0") for n in range(count))
        fat.extend([*range(first + 1, first + count), _END])
        return first

    for path in order:
        siblings = next((names for names in tree.values() if path in names), [])
        after = siblings[siblings.index(path) + 1 :] if path else []
        kind = _ROOT if not path else _STORAGE if path in tree else _STREAM
        child = place[tree[path][0]] if tree.get(path) else _FREE
        start = chain(streams[path]) if kind == _STREAM else 0
        entries.append(
            (path.rpartition("/")[2] or "Root Entry", kind, _FREE, place[after[0]] if after else _FREE, child, start)
        )
    directory = b"".join(
        _entry(*entry, size=len(streams[path]) if entry[1] == _STREAM else 0)
        for entry, path in zip(entries, order, strict=True)
    )
    directory_start = chain(directory)
    fat_sectors = 1
    while (len(fat) + fat_sectors) * 4 > fat_sectors * _SECTOR:
        fat_sectors += 1
    fat_start = len(sectors)
    table = [*fat, *[_FAT] * fat_sectors]
    packed = struct.pack(f"<{len(table)}I", *table).ljust(fat_sectors * _SECTOR, b"\xff")
    header = struct.pack(
        "<8s16sHHHHH6xIIIIIIIIII", bytes.fromhex("d0cf11e0a1b11ae1"), b"", 0x3E, 3, 0xFFFE, 9, 6, 0, fat_sectors,
        directory_start, 0, _LEAST_STREAM, _END, 0, _END, 0, fat_start,
    )  # fmt: skip
    difat = struct.pack("<I", fat_start) + b"".join(struct.pack("<I", fat_start + n) for n in range(1, fat_sectors))
    return header[:76] + difat.ljust(436, b"\xff") + b"".join(sectors) + packed


def _entry(name: str, kind: int, left: int, right: int, child: int, start: int, size: int) -> bytes:
    encoded = name.encode("utf-16-le") + b"\0\0"
    return encoded.ljust(64, b"\0") + struct.pack(
        "<HBBIII16xI8x8xIQ", len(encoded), kind, 1, left, right, child, 0, start, size
    )
