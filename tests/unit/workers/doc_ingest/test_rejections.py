from __future__ import annotations

import re
from pathlib import Path

from workers.doc_ingest import archives, ingest, isolation, ocr, pieces
from workers.doc_ingest.parsers import grid, pdf
from workers.doc_ingest.parsers.registry import PARSERS
from workers.doc_ingest.rejections import REMEDIES

SOURCES = sorted(Path("workers/doc_ingest").rglob("*.py"))
DOCS = Path("docs/documents.md").read_text(encoding="utf-8")


def test_every_code_is_documented_and_every_documented_code_exists() -> None:
    table = DOCS.partition("## Why a document is rejected")[2]
    assert re.findall(r"^\| `(\w+)` \|", table, re.MULTILINE) == list(REMEDIES) == sorted(REMEDIES)


def test_every_code_is_used_and_no_other() -> None:
    used = {code for source in SOURCES for code in re.findall(r'reject\("(\w+)"', source.read_text(encoding="utf-8"))}
    assert used == set(REMEDIES)


def test_the_documented_limits_are_those_of_the_code() -> None:
    for limit in (
        f"{ingest.MAX_BYTES >> 20} MiB", f"{pdf.MAX_PAGES:,}", f"{grid.MAX_CELLS:,}",
        f"{archives.MAX_EXPANDED_BYTES >> 20} MiB, {archives.MAX_ENTRIES:,} entries, {archives.MAX_DEPTH} deep, "
        f"{archives.MAX_RATIO} times the packed size ({archives.FREE_BYTES >> 20} MiB are free)",
        f"{isolation.LIMIT_S:.0f} s; OCR {ocr.LIMIT_S} s", f"{isolation.MAX_MEMORY_BYTES >> 30} GiB",
        f"{isolation.TIRED_BYTES >> 20} MiB", f"{pieces.LONGEST_TOKENS:,} estimated tokens", f"{ocr.MAX_PAGES} pages",
    ):  # fmt: skip
        assert limit in " ".join(DOCS.split()), limit
    assert len(PARSERS) == 12, "the table of formats in docs/documents.md has a line for each"
