from __future__ import annotations

import io
import zipfile

import pytest
from lxml import etree

from shared.errors import Rejected
from workers.doc_ingest import archives
from workers.doc_ingest.archives import Allowance, open_archive
from workers.doc_ingest.safe_xml import parse_xml


def packed(entries: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return buffer.getvalue()


def code_of(body: bytes, allowance: Allowance | None = None) -> str:
    with pytest.raises(Rejected) as rejected:
        open_archive(body, allowance)
    return rejected.value.code


def test_an_ordinary_archive_is_opened() -> None:
    with open_archive(packed({"a.txt": b"hello"})) as archive:
        assert archive.read("a.txt") == b"hello"


def test_a_small_file_of_blanks_is_no_bomb() -> None:
    body = packed({"a.txt": b" " * 10_000_000})
    assert len(body) * archives.MAX_RATIO < 10_000_000
    assert open_archive(body).namelist() == ["a.txt"]


def test_what_expands_too_far_is_refused_before_it_is_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "FREE_BYTES", 1000)
    assert code_of(packed({"a.txt": b" " * 1_000_000})) == "archive_bomb"


def test_nested_archives_share_one_allowance() -> None:
    inner = packed({"a.txt": b"x" * 700})
    allowance = Allowance(bytes_left=len(inner) + 1000)
    open_archive(packed({"one.zip": inner}), allowance)
    open_archive(inner, allowance)
    assert code_of(inner, Allowance(bytes_left=allowance.bytes_left)) == "archive_bomb"


def test_too_many_entries_and_too_deep_nesting_are_refused() -> None:
    body = packed({"a": b"", "b": b""})
    assert code_of(body, Allowance(entries_left=1)) == "archive_bomb"
    assert code_of(body, Allowance(depth_left=0)) == "archive_bomb"


def test_a_password_and_a_torn_archive_are_told_apart() -> None:
    body = bytearray(packed({"a.txt": b"hello"}))
    assert code_of(bytes(body[:-10])) == "corrupt"
    directory = body.index(b"PK\x01\x02")
    body[directory + 8] |= 1  # general purpose flag: encrypted
    assert code_of(bytes(body)) == "encrypted"


def test_entities_are_not_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(12))
    with pytest.raises(etree.XMLSyntaxError, match="amplification"):
        parse_xml(f"<!DOCTYPE r [{laughs}]><r>&l11;</r>".encode())
    outside = parse_xml(b'<!DOCTYPE r [<!ENTITY f SYSTEM "file:///etc/passwd">]><r>&f;</r>')
    assert "root:" not in "".join(text for text in outside.itertext() if isinstance(text, str))
