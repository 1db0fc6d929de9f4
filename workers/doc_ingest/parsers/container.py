"""A ZIP container of a document's parts, by name."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib

from lxml import etree

from workers.doc_ingest.archives import Allowance, open_archive
from workers.doc_ingest.parsers.xml import parse_xml
from workers.doc_ingest.rejections import reject

UNREADABLE = (
    zipfile.BadZipFile, zlib.error, lzma.LZMAError, struct.error, EOFError, OSError, OverflowError, ValueError,
    NotImplementedError,
)  # fmt: skip
"""What zipfile raises on a member that is damaged or packed in a way it does not know."""


class Container:
    """Members by name, in whatever case and with whichever slash they were stored."""

    def __init__(self, body: bytes, allowance: Allowance | None = None) -> None:
        """Raises Rejected as ``archives.open_archive`` does."""
        self._zip = open_archive(body, allowance)
        self._members = {_folded(entry.filename): entry for entry in self._zip.infolist()}

    @property
    def names(self) -> list[str]:
        return [entry.filename.replace("\\", "/") for entry in self._members.values()]

    def __contains__(self, name: str) -> bool:
        return _folded(name) in self._members

    def read(self, name: str) -> bytes:
        """A member's bytes. Raises Rejected (``corrupt``) when it is missing or damaged."""
        entry = self._members.get(_folded(name))
        if entry is None:
            raise reject("corrupt", f"the container lacks {name}")
        try:
            return self._zip.read(entry)
        except UNREADABLE as error:
            raise reject("corrupt", f"{name} cannot be unpacked ({error})") from None

    def xml(self, name: str) -> etree._Element:
        """A member as XML. Raises Rejected as ``read`` does, and ``corrupt`` for what is not well formed."""
        return parse_xml(self.read(name), name)


def _folded(name: str) -> str:
    return name.replace("\\", "/").lower()
