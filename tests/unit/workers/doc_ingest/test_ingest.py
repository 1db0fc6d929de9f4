from __future__ import annotations

from pathlib import Path

import pytest

from schemas.recipe import Chunking
from shared.errors import Rejected
from workers.doc_ingest import ingest as module
from workers.doc_ingest import ocr
from workers.doc_ingest.ingest import ingest
from workers.doc_ingest.rejections import REMEDIES

DATA = Path("../shared/data")
ENCRYPTED = frozenset([
    "aes-128-m.pdf", "aes-128.pdf", "aes-256-m.pdf", "aes-256-r6.pdf", "aes-256.pdf", "crazyones-encrypted-256.pdf",
    "encrypted-file.pdf", "r2-user-password.pdf", "r3-user-password.pdf", "r4-aes-user-password.pdf",
    "r4-user-password.pdf", "r5-user-password.pdf", "r6-both-passwords.pdf", "r6-user-password.pdf", "rc4-128.pdf",
    "rc4-40.pdf",
])  # fmt: skip
PICTURES = frozenset([
    "encrypted_doc_no_id.pdf", "issue-1057-tiff-predictor.pdf", "issue-3850-1bit-indexed-flate.pdf",
    "issue_1165_linewidth.pdf", "pdf-with-jbig2.pdf", "simple2.pdf", "test_pattern_colors.pdf",
])  # fmt: skip
WITHOUT_WORDS = frozenset([
    "2022.hwpx", "HeaderFooter.hwpx", "PageSize_Margin.hwpx", "SimpleComboBox.hwpx", "SimpleConnectLine.hwpx",
    "SimpleContainer.hwpx", "SimpleCurve.hwpx", "SimpleEllipse.hwpx", "SimpleLine.hwpx", "SimpleOLE.hwpx",
    "SimplePicture.hwpx", "SimplePolygon.hwpx", "SimpleVideo.hwpx", "blank.hwpx", "presentation오류.hwpx",
    "blk-containing-table.docx", "doc-no-coreprops.docx", "having-images.docx", "set-no-settings-part.docx",
    "sty-having-no-styles-part.docx", "tbl-2x2-table.docx", "tbl-col-props.docx", "tbl-having-tables.docx",
    "tbl-on-off-props.docx", "patchelf.pdf",
])  # fmt: skip


def rejected(name: str, body: bytes) -> str:
    with pytest.raises(Rejected) as error:
        ingest(name, body, Chunking())
    assert REMEDIES[error.value.code] in error.value.message
    return error.value.code


def test_a_document_becomes_chunks_with_what_is_known_of_it() -> None:
    body = "---\nurl: https://x.example\n---\n# 안내\n\n요금제를 변경합니다.".encode()
    found = ingest("a/가이드.md", body, Chunking())
    assert found.document.media_type == "text/markdown"
    assert found.document.title == "안내"
    assert found.document.language == "ko"
    assert found.document.source == {"url": "https://x.example"}
    assert [chunk.text for chunk in found.chunks] == ["# 안내\n\n요금제를 변경합니다."]
    assert found.chunks[0].document == found.document.document


def test_what_need_not_be_read_is_refused_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    assert rejected("~$a.docx", b"x" * 162) == "lock_file"
    assert rejected("a.md", b"") == "empty"
    monkeypatch.setattr(module, "MAX_BYTES", 10)
    assert rejected("a.md", b"x" * 11) == "too_large"


def test_a_document_without_a_word_is_empty() -> None:
    assert rejected("a.md", b"---\n\n***\n") == "empty"
    assert rejected("a.html", b"<html><script>x</script></html>") == "empty"


def test_a_parser_that_fails_means_a_corrupt_document() -> None:
    assert rejected("a.docx", b"PK\x03\x04nonsense") == "corrupt"


def test_text_that_breaks_json_is_cleaned() -> None:
    found = ingest("a.txt", "a\x00b".replace("\x00", "\x01").encode() + b"\r\nc\x1f " + "e\u0301".encode(), Chunking())
    assert found.chunks[0].text == "ab\nc é"


@pytest.mark.skipif(not DATA.is_dir(), reason="the real files of ../shared/data are not beside this checkout")
def test_every_real_file_is_ingested_or_rejected_with_the_right_code(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ocr, "with_text", lambda body: None)  # whatever is installed here
    files = sorted(file for file in DATA.rglob("*") if file.is_file())
    wrong = [(file, outcome) for file in files if (outcome := _outcome(file)) != _expected(file)]
    assert len(files) > 350
    assert wrong == []


def _expected(file: Path) -> str:
    if file.suffix == ".json":
        return "unsupported"
    if file.parts[-2:] == ("opennetworkinglab__aether-docs", "index.rst"):
        return "empty"  # a table of contents that includes others
    named = {"encrypted": ENCRYPTED, "needs_ocr": PICTURES, "empty": WITHOUT_WORDS}
    return next((code for code, names in named.items() if file.name in names), "ingested")


def _outcome(file: Path) -> str:
    body = file.read_bytes()
    try:
        found = ingest(file.name, body, Chunking())
    except Rejected as error:
        return error.code
    assert found.chunks
    for chunk in found.chunks:
        chunk.model_dump_json()  # no lone surrogate
        assert chunk.text.count("```") % 2 == 0 or "```" in body.decode(errors="replace") or "````" in chunk.text
    return "ingested"
