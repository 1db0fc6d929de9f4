"""A ZIP container of a document's parts, by name."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib

from lxml import etree

from workers.doc_ingest.archives import Allowance, open_archive
from workers.doc_ingest.decode import decode_name
from workers.doc_ingest.model import clean
from workers.doc_ingest.parsers.xml import parse_xml
from workers.doc_ingest.rejections import reject

UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, OverflowError, ValueError,
    NotImplementedError,
)  # fmt: skip
"""What zipfile raises on a member that is damaged or packed in a way it does not know."""


_UTF8 = 0x800
"""The flag of a name that is known to be UTF-8."""


class Container:
    """Members by name, in whatever case and with whichever slash they were stored."""

    def __init__(self, body: bytes, allowance: Allowance | None = None) -> None:
        """Raises Rejected as ``archives.open_archive`` does."""
        self._zip = open_archive(body, allowance)
        self._names = {_name(entry): entry for entry in self._zip.infolist()}
        self._members = {name.lower(): entry for name, entry in self._names.items()}

    @property
    def names(self) -> list[str]:
        """Names as they were stored, in the order of the directory."""
        return list(self._names)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._members

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises Rejected (``corrupt``) when it is missing or damaged."""
        entry = self._members.get(name.lower())
        if entry is None:
            raise reject("corrupt", f"the container lacks {name}")
        try:
            return self._zip.read(entry)
        except UNREADABLE as error:
            raise reject("corrupt", f"{name} cannot be unpacked ({error})") from None

    def xml(self, name: str) -> etree._Element:
        """A member as XML. Raises Rejected as ``read`` does, and ``corrupt`` for what is not well formed."""
        return parse_xml(self.read(name), name)


def _name(entry: zipfile.ZipInfo) -> str:
    """A member's name with forward slashes. Where nothing says that it is UTF-8, zipfile took it for DOS."""
    name = entry.filename
    if not entry.flag_bits & _UTF8 and not name.isascii():
        name = decode_name(name.encode("cp437"))
    return clean(name.replace("\\", "/"))
