"""The chunker's laws over documents that people really have, told without the chunker's own code."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from schemas.recipe import Chunking
from shared.errors import Rejected
from shared.text.language import detect_language
from shared.text.tokens import estimate_tokens
from workers.doc_ingest.chunker import chunk
from workers.doc_ingest.ingest import parse
from workers.doc_ingest.model import Parsed

DATA = Path("../shared/data/documents")
SUFFIXES = frozenset(
    [".md", ".mdx", ".rst", ".pptx", ".xlsx", ".csv", ".hwpx", ".hwp", ".docx", ".html", ".pdf", ".txt"]
)
BUDGETS = [Chunking(max_tokens=48), Chunking(max_tokens=320), Chunking(max_tokens=320, overlap_sentences=2)]
FENCE = re.compile(r"^[ \t]*(`{3,})[^`]*$")
ENDED = re.compile(r"(?:[.!?…。:;]|^[ \t]*(?:\d+|[a-zA-Z가-힣])\.)[\"'”’)\]*_]*$")
ABBREVIATED = re.compile(r"(?:^|[\s(])(?:e\.g|i\.e|etc|vs|cf|Fig|fig|No|[A-Z])\.$")

needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real documents of ../shared/data are not beside this checkout"
)


def documents(folder: Path) -> Iterator[tuple[Path, Parsed]]:
    for file in sorted(folder.rglob("*")):
        if file.suffix.lower() in SUFFIXES:
            try:
                yield file, parse(file.name, file.read_bytes())[1]
            except Rejected:
                continue


def whole(text: str) -> Iterator[tuple[int, int]]:
    """Spans of all fences and table rows of a Markdown text, read line by line."""
    fence, begin, place = "", 0, 0
    for line in text.split("\n"):
        found = FENCE.match(line)
        if fence and found and found[1] == fence and line.strip() == fence:
            yield begin, place + len(line)
            fence = ""
        elif not fence and found:
            fence, begin = found[1], place
        elif not fence and line.lstrip().startswith("|"):
            yield place + len(line) - len(line.lstrip()), place + len(line)
        place += len(line) + 1
    assert not fence, "a fence that nothing closes"


def inside_of_a_sentence(text: str, edge: int) -> bool:
    """Whether an edge within a line stands anywhere but after the end of a sentence."""
    line_start, line_end = text.rfind("\n", 0, edge) + 1, text.find("\n", edge)
    before, after = text[line_start:edge].rstrip(), text[edge : line_end if line_end >= 0 else len(text)]
    if not before or not after.strip():
        return False
    return not ENDED.search(before) or bool(ABBREVIATED.search(before)) or before.count("`") % 2 == 1


@needs_data
@pytest.mark.parametrize("chunking", BUDGETS, ids=str)
@pytest.mark.parametrize("folder", [DATA, Path("examples/telco/documents")], ids=["real", "examples"])
def test_no_row_fence_or_sentence_of_real_documents_is_cut(folder: Path, chunking: Chunking) -> None:
    seen = {"documents": 0, "korean": 0, "rows and fences": 0, "edges": 0}
    for file, parsed in documents(folder):
        text = parsed.text
        spans = list(whole(text))
        seen["documents"] += 1
        seen["korean"] += detect_language(text) == "ko"
        seen["rows and fences"] += len(spans)
        for one in chunk(parsed, "d" * 64, chunking):
            seen["edges"] += 2
            assert one.fit != "cut"
            for edge in (one.start, one.end):
                assert not any(start < edge < end for start, end in spans), (file, text[edge - 60 : edge + 60])
                assert not inside_of_a_sentence(text, edge), (file, text[edge - 60 : edge], text[edge : edge + 60])
    assert seen["documents"] > 30 and seen["korean"] > 5 and seen["rows and fences"] > 100 and seen["edges"] > 400


@needs_data
def test_spans_of_real_documents_point_into_the_parsed_text() -> None:
    for file, parsed in documents(DATA):
        text = parsed.text
        for one in chunk(parsed, "d" * 64, Chunking()):
            body = text[one.start : one.end]
            header = one.text.removesuffix(body)
            assert one.text.endswith(body), file
            assert not header or (header.count("\n") == 2 and header in text), (file, header)
            assert (one.fit == "over_long") == (estimate_tokens(one.text) > 320), file
