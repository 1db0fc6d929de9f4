"""HWP 5 documents for tests, record by record (Hancom, "Hwp Document File Formats 5.0")."""

from __future__ import annotations

import struct
import zlib

from tests.unit.workers.doc_ingest.compound import compound_file

COMPRESSED = 0x1


def record(tag: int, level: int, data: bytes = b"") -> bytes:
    if len(data) < 0xFFF:
        return struct.pack("<I", tag | level << 10 | len(data) << 20) + data
    return struct.pack("<II", tag | level << 10 | 0xFFF << 20, len(data)) + data


def text_of(*parts: str | tuple[int, str]) -> bytes:
    """Text with controls: (code, id) for one that takes up eight characters."""
    found = b""
    for part in parts:
        if isinstance(part, str):
            found += part.encode("utf-16-le")
        else:
            code, name = part
            found += struct.pack("<H", code) + name[::-1].encode().ljust(12, b"\0") + struct.pack("<H", code)
    return found


def para(level: int, *parts: str | tuple[int, str], shape: int = 0, inside: bytes = b"") -> bytes:
    """A paragraph, and the controls in it, which stand one level deeper."""
    header = struct.pack("<IIHBB", 0, 0, shape, 0, 0).ljust(24, b"\0")
    return record(0x42, level, header) + record(0x43, level + 1, text_of(*parts)) + inside


def control(level: int, name: str, data: bytes = b"") -> bytes:
    return record(0x47, level, name[::-1].encode() + data)


def string(text: str) -> bytes:
    return struct.pack("<H", len(text)) + text.encode("utf-16-le")


def cell(level: int, column: int, row: int, *paragraphs: bytes) -> bytes:
    spot = struct.pack("<IIHHHH", len(paragraphs), 0, column, row, 1, 1).ljust(46, b"\0")
    return record(0x48, level, spot) + b"".join(paragraphs)


def shape(head: int = 0, level: int = 0, numbering: int = 0) -> bytes:
    return record(0x19, 1, struct.pack("<I24xHHH", head << 23 | level << 25, 0, numbering, 0))


def numbering(*levels: tuple[int, str]) -> bytes:
    """(number format, text) of seven levels."""
    data = b"".join(struct.pack("<IHHI", code << 5, 0, 0, 0) + string(text) for code, text in levels)
    return record(0x17, 1, data + struct.pack("<H7I", 0, *[1] * 7))


def summary(title: str) -> bytes:
    """A property set of a title and another string, with lengths in bytes, as Hangul writes them."""
    strings = [text.encode("utf-16-le") + b"\0\0" for text in (title, "author")]
    values = [struct.pack("<II", 0x1F, len(words)) + words for words in strings]
    offsets = [24, 24 + len(values[0])]
    entries = struct.pack("<IIIIII", 0, 2, 2, offsets[0], 4, offsets[1])
    return struct.pack("<HHI16xI16xI", 0xFFFE, 0, 0, 1, 48) + entries + b"".join(values)


def hwp_file(section: bytes, info: bytes = b"", flags: int = COMPRESSED, title: str = "") -> bytes:
    header = b"HWP Document File".ljust(32, b"\0") + struct.pack("<II", 0x05000300, flags)
    pack = _deflated if flags & COMPRESSED else bytes
    return compound_file(
        {
            "FileHeader": header.ljust(256, b"\0"),
            "DocInfo": pack(record(0x11, 0, bytes(72)) + info),
            "BodyText/Section0": pack(section),
            "\x05HwpSummaryInformation": summary(title),
        }
    )


def _deflated(data: bytes) -> bytes:
    packer = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    return packer.compress(data) + packer.flush()
