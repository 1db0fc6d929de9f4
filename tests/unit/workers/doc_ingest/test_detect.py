from __future__ import annotations

import io
import zipfile

import pytest

from shared.errors import Rejected
from workers.doc_ingest import detect


def zipped(*names: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        for name in names:
            archive.writestr(name, "x")
    return body.getvalue()


@pytest.mark.parametrize(
    ("name", "body", "media_type"),
    [
        ("a.txt", b"%PDF-1.7\n", detect.PDF),
        ("a.pdf", zipped("word/document.xml"), detect.DOCX),
        ("a.txt", b"\xef\xbb\xbf <!DOCTYPE html><html>", detect.HTML),
        ("a", b"<?xml version='1.0'?><!-- c --><HTML lang=ko>", detect.HTML),
        ("a.htm", b"<p>piece</p>", detect.HTML),
        ("a.MDX", b"# x", detect.MARKDOWN),
        ("README", b"# x", detect.TEXT),
        ("a.rst", b"x\n=\n", detect.TEXT),
        ("a.txt", "안녕".encode("utf-16"), detect.TEXT),
    ],
)
def test_the_type_is_found_by_content_first(name: str, body: bytes, media_type: str) -> None:
    assert detect.media_type(name, body) == media_type


@pytest.mark.parametrize(
    ("name", "body", "code"),
    [
        ("a.docx", b"PK\x03\x04 broken", "corrupt"),
        ("a.docx", zipped("ppt/presentation.xml"), "unsupported"),
        ("a.docx", bytes.fromhex("d0cf11e0a1b11ae1") + "EncryptedPackage".encode("utf-16-le"), "encrypted"),
        ("a.hwp", bytes.fromhex("d0cf11e0a1b11ae1") + b"HWP", "unsupported"),
        ("a.md", b"\x89PNG\r\n\x1a\n\0\0", "unsupported"),
        ("a.csv", b"a,b\n", "unsupported"),
    ],
)
def test_what_no_parser_reads_is_rejected_with_its_reason(name: str, body: bytes, code: str) -> None:
    with pytest.raises(Rejected) as rejected:
        detect.media_type(name, body)
    assert rejected.value.code == code


@pytest.mark.parametrize(("name", "lock"), [("a/~$x.docx", True), (".~lock.x#", True), ("~x.docx", False)])
def test_lock_files_are_known_by_name(name: str, lock: bool) -> None:
    assert detect.is_lock_file(name) is lock
