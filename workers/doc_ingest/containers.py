"""What is inside a container, ZIP or OLE: a document of some office program, or files that were packed together."""

from __future__ import annotations

import io

import olefile

from workers.doc_ingest.media_types import DOCX, HWP, HWPX, PPTX, XLSX, ZIP
from workers.doc_ingest.parsers.container import Container
from workers.doc_ingest.rejections import reject

_CONTENT_TYPES = "[Content_Types].xml"
_MAIN_PARTS = [
    (b"wordprocessingml.", DOCX, b"word.document.macroEnabled", b"word.template.macroEnabled"),
    (b"presentationml.", PPTX, b"powerpoint.presentation.macroEnabled", b"powerpoint.slideshow.macroEnabled"),
    (b"spreadsheetml.", XLSX, b"excel.sheet.macroEnabled", b"excel.template.macroEnabled"),
]
"""Of each office format: its namespace among content types, its media type, its names for files with macros."""

_MAIN_NAMES = {"word/document.xml": DOCX, "ppt/presentation.xml": PPTX, "xl/workbook.xml": XLSX}
"""What office programs name the main part: for packages that lost their table of content types."""

_OTHERS = {
    "application/epub+zip": "is an EPUB book; convert it to HTML",
    "application/vnd.oasis.opendocument.text": "is an OpenDocument text; save it as DOCX",
    "application/vnd.oasis.opendocument.spreadsheet": "is an OpenDocument spreadsheet; save it as XLSX",
    "application/vnd.oasis.opendocument.presentation": "is an OpenDocument presentation; save it as PPTX",
}
_OLD = {
    "WordDocument": "is an old Word document (.doc); save it as DOCX",
    "PowerPoint Document": "is an old PowerPoint presentation (.ppt); save it as PPTX",
    "Workbook": "is an old Excel workbook (.xls); save it as XLSX",
    "Book": "is an old Excel workbook (.xls); save it as XLSX",
    "__properties_version1.0": "is an Outlook message (.msg); save it as HTML",
}


def zip_type(name: str, body: bytes) -> str:
    """The media type of what a ZIP container holds. Raises Rejected: ``corrupt``, ``encrypted``, ``unsupported``, …"""
    container = Container(body)
    if _CONTENT_TYPES in container:
        return _office_type(name, container.read(_CONTENT_TYPES))
    kind = container.read("mimetype").decode("ascii", "replace").strip() if "mimetype" in container else ""
    if kind in _OTHERS:
        raise reject("unsupported", f"{name} {_OTHERS[kind]}")
    if kind == HWPX or "Contents/section0.xml" in container:
        return HWPX
    return next((office for main, office in _MAIN_NAMES.items() if main in container), ZIP)


def _office_type(name: str, types: bytes) -> str:
    for namespace, kind, *macros in _MAIN_PARTS:
        if any(namespace + part in types for part in (b"document.main", b"template.main", b"presentation.main",
                                                      b"slideshow.main", b"sheet.main")):  # fmt: skip
            return kind
        if any(macro in types for macro in macros):
            return kind
    raise reject("unsupported", f"{name} is an office package, but no Word, PowerPoint or Excel (XLSX) document")


def compound_type(name: str, body: bytes) -> str:
    """HWP, for a compound file (MS-CFB) of Hangul 5. Raises Rejected for any other.

    Office encrypts its packages into a stream named EncryptedPackage (MS-OFFCRYPTO 2.3.4.4).
    """
    try:
        with olefile.OleFileIO(io.BytesIO(body)) as compound:
            streams = {path[0] for path in compound.listdir()}
    except Exception as error:  # olefile raises whatever broken bytes lead to
        raise reject("corrupt", f"{name} starts as a compound file that cannot be read ({error})") from None
    if "EncryptedPackage" in streams:
        raise reject("encrypted", f"{name} is protected by a password")
    if "FileHeader" in streams:
        return HWP
    for stream, advice in _OLD.items():
        if stream in streams:
            raise reject("unsupported", f"{name} {advice}")
    raise reject("unsupported", f"{name} is a compound file (OLE) of no known document format")
