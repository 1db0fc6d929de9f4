from __future__ import annotations

import io
import zipfile

import docx
import pytest

from shared.errors import Rejected
from workers.doc_ingest.archives import Allowance
from workers.doc_ingest.parsers import registry
from workers.doc_ingest.parsers.registry import parse_zip


def packed(**members: bytes | str) -> bytes:
    return zipped(members)


def zipped(members: dict[str, bytes | str]) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return body.getvalue()


def word(text: str) -> bytes:
    body = io.BytesIO()
    document = docx.Document()
    document.add_heading(text, 1)
    document.save(body)
    return body.getvalue()


def rejected(body: bytes) -> Rejected:
    with pytest.raises(Rejected) as error:
        parse_zip(body)
    return error.value


def test_each_member_is_a_section_under_its_path() -> None:
    body = zipped({"guide/a.md": "# Roaming\n\nText.", "b.docx": word("Word"), "c.txt": "plain".encode("utf-16")})
    parsed = parse_zip(body)
    assert parsed.text == "# guide/a.md\n\n## Roaming\n\nText.\n\n# b.docx\n\n## Word\n\n# c.txt\n\nplain"
    assert parsed.notes == []


def test_what_cannot_be_read_costs_itself_only_and_is_named() -> None:
    body = zipped({
        "a.md": "text", "~$b.docx": b"x" * 162, "c.png": b"\x89PNG\r\n\x1a\n", "d.docx": b"PK\x03\x04", "e.md": b"",
        "__MACOSX/._a.md": b"x", "f/": b"",
    })  # fmt: skip
    parsed = parse_zip(body)
    assert parsed.text == "# a.md\n\ntext"
    assert [note.split(":")[0] for note in parsed.notes] == [
        "~$b.docx was left out (lock_file)", "c.png was left out (unsupported)", "d.docx was left out (corrupt)",
        "e.md was left out (empty)",
    ]  # fmt: skip


def test_an_archive_inside_is_a_member_and_depth_is_bounded() -> None:
    inner = zipped({"a.md": "# T"})
    assert parse_zip(zipped({"in.zip": inner, "b.md": "x"})).text == "# in.zip\n\n## a.md\n\n### T\n\n# b.md\n\nx"
    assert rejected(zipped({"deeper.zip": zipped({"in.zip": inner})})).code == "archive_bomb"


def test_all_members_share_one_allowance(monkeypatch: pytest.MonkeyPatch) -> None:
    body = zipped({f"{n}.docx": word("Word") for n in range(8)})
    monkeypatch.setattr(registry, "Allowance", lambda: Allowance(bytes_left=400_000))
    assert rejected(body).code == "archive_bomb"


def test_an_archive_without_a_document_is_empty() -> None:
    assert rejected(zipped({})).code == "empty"
    refused = rejected(zipped({"a.png": b"\x89PNG\r\n\x1a\n"}))
    assert refused.code == "empty"
    assert "a.png was left out (unsupported)" in refused.message


@pytest.mark.parametrize(
    ("encoding", "name"), [("cp949", "안내 가이드.md"), ("utf-8", "안내 가이드.md"), ("cp437", "Größe.md")]
)
def test_names_are_read_in_the_encoding_that_they_were_written_in(encoding: str, name: str) -> None:
    stored = name.encode(encoding)
    body = packed(**{"x" * len(stored): "text"}).replace(b"x" * len(stored), stored)
    assert parse_zip(body).text == f"# {name}\n\ntext"
