"""HWP 5, the Hangul word processor's binary format: a compound file of compressed streams of records.

Format: Hancom, "Hwp Document File Formats 5.0", revision 1.3, published for anyone to implement. Page headers and
footers and hidden comments are no part of the text. Of tracked changes the body has the outcome.
"""

from __future__ import annotations

import io
import re
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

import olefile

from workers.doc_ingest import archives
from workers.doc_ingest.model import Block, Parsed, clean
from workers.doc_ingest.parsers.hangul_blocks import HangulBlocks
from workers.doc_ingest.parsers.hwp_docinfo import DocInfo
from workers.doc_ingest.parsers.hwp_records import Record, tree
from workers.doc_ingest.parsers.hwp_summary import summary_title
from workers.doc_ingest.parsers.hwp_text import HwpReader
from workers.doc_ingest.rejections import reject

_SIGNATURE = b"HWP Document File"
_COMPRESSED, _PASSWORD, _DISTRIBUTION, _DRM, _CERTIFIED = 0x1, 0x2, 0x4, 0x10, 0x100
_SECTION = re.compile(r"^Section(\d+)$")
_SUMMARY = "\x05HwpSummaryInformation"


def parse_hwp(body: bytes) -> Parsed:
    """Raises Rejected: ``encrypted`` (also for distribution copies), ``archive_bomb`` or ``corrupt``."""
    with _broken_is_corrupt():
        compound = olefile.OleFileIO(io.BytesIO(body))
    with compound:
        return _parsed(_Streams(compound))


@contextmanager
def _broken_is_corrupt() -> Iterator[None]:
    """olefile raises whatever broken bytes lead it to."""
    try:
        yield
    except (OSError, ValueError, IndexError, KeyError, TypeError, AttributeError) as error:
        raise reject("corrupt", f"the Hangul document cannot be read ({error})") from None


class _Streams:
    """The streams of one document, unpacked within the limit for all of them together."""

    def __init__(self, compound: olefile.OleFileIO) -> None:
        self._compound = compound
        header = self._read("FileHeader")
        if not header.startswith(_SIGNATURE) or len(header) < 40:
            raise reject("corrupt", "the compound file's header is not that of a Hangul document")
        flags = int.from_bytes(header[36:40], "little")
        if flags & (_PASSWORD | _DRM | _CERTIFIED):
            raise reject("encrypted", "the Hangul document is protected by a password or a rights manager")
        if flags & _DISTRIBUTION:
            raise reject(
                "encrypted", "the Hangul document is a distribution copy, which is locked; ask for the original"
            )
        self._compressed = bool(flags & _COMPRESSED)
        self._left = archives.MAX_EXPANDED_BYTES

    def records(self, name: str) -> list[Record]:
        return tree(self._unpacked(self._read(name)) if self._compressed else self._read(name))

    def sections(self) -> list[str]:
        found = [
            (int(match[1]), "/".join(path))
            for path in self._compound.listdir()
            if len(path) == 2 and path[0] == "BodyText" and (match := _SECTION.match(path[1]))
        ]
        return [name for _, name in sorted(found)]

    def title(self) -> str | None:
        if not self._compound.exists(_SUMMARY):
            return None
        return clean(summary_title(self._read(_SUMMARY))).strip() or None

    def _read(self, name: str) -> bytes:
        with _broken_is_corrupt(), self._compound.openstream(name) as stream:
            return bytes(stream.read())

    def _unpacked(self, packed: bytes) -> bytes:
        """Raw deflate, without zlib's header."""
        unpacker = zlib.decompressobj(-zlib.MAX_WBITS)
        try:
            data = unpacker.decompress(packed, self._left)
        except zlib.error as error:
            raise reject("corrupt", f"a stream of the Hangul document cannot be unpacked ({error})") from None
        self._left -= len(data)
        if self._left <= 0:
            raise reject("archive_bomb", f"the document unpacks to more than {archives.MAX_EXPANDED_BYTES:,} bytes")
        return data


def _parsed(streams: _Streams) -> Parsed:
    info = DocInfo(streams.records("DocInfo"))
    reader, writer = HwpReader(info), HangulBlocks(info.numbering)
    blocks: list[Block] = []
    for name in streams.sections():
        blocks += writer.blocks(reader.section(streams.records(name)))
    return Parsed([block for block in blocks if block.text], title=streams.title())
