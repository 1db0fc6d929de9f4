"""ZIP containers, opened within limits: what they expand to, how many entries, how deep they nest.

The sizes that an archive declares are checked before anything is unpacked; ``zipfile`` never gives more than declared.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass

from workers.doc_ingest.rejections import reject

MAX_EXPANDED_BYTES = 512 * 1024 * 1024
"""What one document's archives may come to, nested ones included."""
MAX_ENTRIES = 10_000
MAX_DEPTH = 2
"""A ZIP of DOCX files is two deep."""
MAX_RATIO = 200
"""Times its own size that an archive may expand to (text packs to a tenth; a bomb to a thousandth)."""
FREE_BYTES = 16 * 1024 * 1024
"""So much may be unpacked whatever the ratio: a small file of blanks is no bomb."""

_ENCRYPTED = 0x1


@dataclass
class Allowance:
    """What is left for one document to unpack. Hand the same one down to what lies inside."""

    bytes_left: int = MAX_EXPANDED_BYTES
    entries_left: int = MAX_ENTRIES
    depth_left: int = MAX_DEPTH


def open_archive(body: bytes, allowance: Allowance | None = None) -> zipfile.ZipFile:
    """The archive, its whole content counted against the allowance and its depth taken from it (give the depth back
    when done with what is inside). Raises Rejected: ``corrupt``, ``encrypted`` or ``archive_bomb``."""
    allowance = allowance or Allowance()
    try:
        archive = zipfile.ZipFile(io.BytesIO(body))
        entries = archive.infolist()
    except (zipfile.BadZipFile, ValueError, OSError, NotImplementedError) as error:
        raise reject("corrupt", f"the ZIP container cannot be read ({error})") from None
    if any(entry.flag_bits & _ENCRYPTED for entry in entries):
        raise reject("encrypted", "the ZIP container is protected by a password")
    _count(sum(entry.file_size for entry in entries), len(entries), len(body), allowance)
    return archive


def _count(expanded: int, entries: int, packed: int, allowance: Allowance) -> None:
    allowance.bytes_left -= expanded
    allowance.entries_left -= entries
    allowance.depth_left -= 1
    if allowance.depth_left < 0:
        raise reject("archive_bomb", f"archives lie in archives more than {MAX_DEPTH} deep")
    if allowance.entries_left < 0:
        raise reject("archive_bomb", f"it holds more than {MAX_ENTRIES:,} entries")
    if allowance.bytes_left < 0 or expanded > max(FREE_BYTES, MAX_RATIO * packed):
        raise reject("archive_bomb", f"{packed:,} bytes expand to {expanded:,}")
