"""Records of HWP 5 streams: a header word, then bytes, nested by level.

Format: Hancom, "Hwp Document File Formats 5.0", revision 1.3, section 4.1.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass, field

from workers.doc_ingest.rejections import reject

PARA_SHAPE, NUMBERING = 0x19, 0x17
PARA_HEADER, PARA_TEXT, CTRL_HEADER, LIST_HEADER = 0x42, 0x43, 0x47, 0x48
TABLE, EQUATION = 0x4D, 0x58

_LONG = 0xFFF
"""A size that says that the real one follows."""
_MAX_LEVEL = 150


@dataclass
class Record:
    """One record, and those of a deeper level that follow it."""

    tag: int
    data: bytes
    children: list[Record] = field(default_factory=list)

    def number(self, offset: int, kind: str = "H", default: int = 0) -> int:
        """A number in the data, little-endian, of a ``struct`` kind; the default where the data ends before it."""
        size = struct.calcsize(kind)
        if len(self.data) < offset + size:
            return default
        return int(struct.unpack_from(f"<{kind}", self.data, offset)[0])

    def string(self, offset: int) -> str:
        """A string that its length in characters stands before."""
        start = offset + 2
        return self.data[start : start + 2 * self.number(offset)].decode("utf-16-le", errors="replace")

    def child(self, tag: int) -> Record | None:
        return next((child for child in self.children if child.tag == tag), None)


def tree(stream: bytes) -> list[Record]:
    """The records of level 0 with what is under them. A record that is cut off ends the stream.

    Raises Rejected (``corrupt``) when records nest deeper than any document's.
    """
    top: list[Record] = []
    open_lists = [top]
    for level, record in _flat(stream):
        if level > _MAX_LEVEL:
            raise reject("corrupt", f"records of the Hangul document nest {level} deep")
        del open_lists[level + 1 :]
        open_lists[-1].append(record)
        open_lists.append(record.children)
    return top


def _flat(stream: bytes) -> Iterator[tuple[int, Record]]:
    position = 0
    while position + 4 <= len(stream):
        (head,) = struct.unpack_from("<I", stream, position)
        position += 4
        size = head >> 20
        if size == _LONG:
            if position + 4 > len(stream):
                return
            (size,) = struct.unpack_from("<I", stream, position)
            position += 4
        if position + size > len(stream):
            return
        yield (head >> 10) & 0x3FF, Record(head & 0x3FF, stream[position : position + size])
        position += size
