from __future__ import annotations

from pathlib import Path

import pytest

from schemas.recipe import Chunking
from shared.errors import Rejected
from workers.doc_ingest import ingest as module
from workers.doc_ingest.ingest import ingest
from workers.doc_ingest.rejections import REMEDIES

DATA = Path("../shared/data")
FORMATS = frozenset([".md", ".mdx", ".markdown", ".html", ".htm", ".txt", ".rst", ".pdf", ".docx"])


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
def test_every_real_file_is_ingested_or_rejected_with_a_code() -> None:
    files = sorted(file for file in DATA.rglob("*") if file.suffix.lower() in FORMATS)
    outcomes: dict[str, int] = {}
    for file in files:
        outcome = _outcome(file)
        outcomes[outcome] = outcomes.get(outcome, 0) + 1
    assert len(files) > 200
    assert outcomes.pop("ingested") > 0.8 * len(files)
    assert set(outcomes) <= {"encrypted", "needs_ocr", "empty", "corrupt"}


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
