from __future__ import annotations

import io
import zipfile

import pytest

from shared.errors import Rejected
from tests.unit.workers.doc_ingest.compound import compound_file
from tests.unit.workers.doc_ingest.hwp_file import hwp_file
from workers.doc_ingest import detect


def zipped(*names: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return body.getvalue()


def office(main: str) -> bytes:
    """A package whose content types name its main part."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("[Content_Types].xml", f'<Override ContentType="application/{main}+xml"/>')
    return body.getvalue()


def opened(kind: str) -> bytes:
    """A container that says what it is in its first member, as EPUB, OpenDocument and HWPX do."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("mimetype", kind)
    return body.getvalue()


OFFICE = "vnd.openxmlformats-officedocument."
RST_PAGE = b"Title\n=====\n\n.. note:: Mind ``this``.\n\nSee :ref:`there` and `home <https://x.example>`_.\n"
MARKDOWN_PAGE = b"# Title\n\nSee [home](https://x.example).\n\n```sh\nls\n```\n"
CSV_PAGE = "이름;요금\n5G;45,000\nLTE;33,000\n"


@pytest.mark.parametrize(
    ("name", "body", "media_type"),
    [
        ("a.txt", b"%PDF-1.7\n", detect.PDF),
        ("a", b"\0\0%PDF-1.7\n1 0 obj endobj", detect.PDF),
        ("a.md", b"A file that starts with %PDF-1.7 is a PDF.", detect.MARKDOWN),
        ("a.pdf", zipped("word/document.xml"), detect.DOCX),
        ("a.bin", office(f"{OFFICE}wordprocessingml.document.main"), detect.DOCX),
        ("a.docm", office("vnd.ms-word.document.macroEnabled.main"), detect.DOCX),
        ("a.zip", office(f"{OFFICE}presentationml.slideshow.main"), detect.PPTX),
        ("a.zip", office(f"{OFFICE}spreadsheetml.sheet.main"), detect.XLSX),
        ("a.zip", opened("application/hwp+zip"), detect.HWPX),
        ("a.zip", zipped("mimetype", "Contents/section0.xml"), detect.HWPX),
        ("a.docx", zipped("a/b.md"), detect.ZIP),
        ("a.doc", hwp_file(b""), detect.HWP),
        ("a.txt", b"\xef\xbb\xbf <!DOCTYPE html><html>", detect.HTML),
        ("a", b"<?xml version='1.0'?><!-- c --><HTML lang=ko>", detect.HTML),
        ("a.htm", b"<p>piece</p>", detect.HTML),
        ("a", b"<div><p>a</p><p>b</p></div>", detect.HTML),
        ("a.html", b"Text before <p>a</p>", detect.HTML),
        ("a.MDX", b"# x", detect.MARKDOWN),
        ("a.txt", MARKDOWN_PAGE, detect.MARKDOWN),
        ("README", b"# x", detect.TEXT),
        ("a.rst", b"x\n=\n", detect.RST),
        ("a.txt", RST_PAGE, detect.RST),
        ("a.md", RST_PAGE * 2, detect.RST),
        ("a.csv", b"a,b\n", detect.CSV),
        ("a.txt", CSV_PAGE.encode("cp949"), detect.CSV),
        ("a.txt", b"One, two.\nThree, four.\nFive, six.\n", detect.TEXT),
        ("a.txt", b"[1] is a note\n{x} is a set", detect.TEXT),
        ("a.txt", "안녕".encode("utf-16"), detect.TEXT),
        ("a.txt", "안녕하세요 여러분".encode("utf-16-le"), detect.TEXT),
    ],
)
def test_the_type_is_found_by_content_first(name: str, body: bytes, media_type: str) -> None:
    assert detect.media_type(name, body) == media_type


@pytest.mark.parametrize(
    ("name", "body", "code", "advice"),
    [
        ("a.docx", b"PK\x03\x04 broken", "corrupt", "save it again"),
        ("a.xlsb", office("vnd.ms-excel.sheet.binary.macroEnabled.main"), "unsupported", "XLSX"),
        ("a.docx", compound_file({"EncryptedPackage": b"x"}), "encrypted", "remove the password"),
        ("a.docx", compound_file({"WordDocument": b"x"}), "unsupported", "save it as DOCX"),
        ("a.ppt", compound_file({"PowerPoint Document": b"x"}), "unsupported", "save it as PPTX"),
        ("a.xls", compound_file({"Workbook": b"x"}), "unsupported", "save it as XLSX"),
        ("a.hwp", compound_file({"Other": b"x"}), "unsupported", "no known document format"),
        ("a.hwp", bytes.fromhex("d0cf11e0a1b11ae1") + b"HWP", "corrupt", "save it again"),
        ("a.hwp", b"HWP Document File V3.00 \x1a\1\2\3\4\5", "unsupported", "save it as HWPX"),
        ("a.odt", opened("application/vnd.oasis.opendocument.text"), "unsupported", "save it as DOCX"),
        ("a.doc", b"{\\rtf1 text}", "unsupported", "save it as DOCX"),
        ("a.md", b"\x89PNG\r\n\x1a\n\0\0", "unsupported", "run OCR"),
        ("a.txt", bytes(range(256)), "unsupported", "neither text"),
        ("a.txt", bytes(range(1, 32)) * 9, "unsupported", "neither text"),
        ("a.json", b"[]", "unsupported", "holds data"),
        ("a", b'{"a": 1}', "unsupported", "holds data"),
        ("a", b"<?xml version='1.0'?><a/>", "unsupported", "holds data"),
        ("a.hml", b"<?xml version='1.0'?><HWPML>", "unsupported", "save it as HWPX"),
        ("a.xml", b"<?xml version='1.0'?><?mso-application progid=\"Word.Document\"?>", "unsupported", "as DOCX"),
        ("a.htm", b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=x\n\n", "unsupported", "as HTML"),
    ],
)
def test_what_no_parser_reads_is_rejected_with_its_reason(name: str, body: bytes, code: str, advice: str) -> None:
    with pytest.raises(Rejected) as rejected:
        detect.media_type(name, body)
    assert rejected.value.code == code
    assert advice in rejected.value.message


@pytest.mark.parametrize(("name", "lock"), [("a/~$x.docx", True), (".~lock.x#", True), ("~x.docx", False)])
def test_lock_files_are_known_by_name(name: str, lock: bool) -> None:
    assert detect.is_lock_file(name) is lock
