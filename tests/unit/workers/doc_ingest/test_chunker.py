from __future__ import annotations

from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.recipe import Chunking
from shared.text.sentences import split_sentences
from shared.text.tokens import estimate_tokens
from workers.doc_ingest.chunker import chunk
from workers.doc_ingest.model import Block, Parsed, code, heading, listing, paragraph, table
from workers.doc_ingest.units import units_of

DOCUMENT = "d" * 64

words = st.sampled_from(
    ["network", "slice", "요금제", "5G", "alarm", "`cmd -x`", "[guide](https://x.example/a.b)", "한도", "e.g."]
)
sentences = st.lists(words, min_size=1, max_size=25).map(lambda parts: " ".join(parts) + ".")
prose = st.lists(sentences, min_size=1, max_size=8).map(" ".join)
cells = st.lists(words, min_size=1, max_size=4).map(" ".join)
blocks = st.one_of(
    st.builds(heading, cells, st.integers(1, 4)),
    st.builds(paragraph, prose, st.one_of(st.none(), st.integers(1, 9))),
    st.lists(prose, min_size=1, max_size=8).map(lambda items: listing("\n".join(f"- {item}" for item in items))),
    st.lists(st.lists(cells, min_size=2, max_size=3), min_size=1, max_size=20).map(table),
    st.lists(prose, min_size=1, max_size=6).map(lambda lines: code("\n".join(lines), "sh")),
)
documents = st.lists(blocks, min_size=1, max_size=12).map(Parsed)
chunkings = st.builds(Chunking, max_tokens=st.integers(32, 160), overlap_sentences=st.integers(0, 2))


@settings(max_examples=60, deadline=None)
@given(documents, chunkings)
def test_offsets_point_at_the_chunks_text_and_nothing_is_left_out(parsed: Parsed, chunking: Chunking) -> None:
    text = parsed.text
    chunks = chunk(parsed, DOCUMENT, chunking)
    for one in chunks:
        header = one.text.removesuffix(text[one.start : one.end])
        assert header + text[one.start : one.end] == one.text
        assert not header or (header.startswith("|") and header.count("\n") == 2)
    assert text[: chunks[0].start].strip() == ""
    assert text[chunks[-1].end :].strip() == ""
    for before, after in pairwise(chunks):
        assert text[before.end : after.start].strip() == ""
        assert before.end <= after.start or chunking.overlap_sentences


@settings(max_examples=60, deadline=None)
@given(documents, chunkings)
def test_a_chunk_of_several_units_keeps_to_the_budget(parsed: Parsed, chunking: Chunking) -> None:
    units = list(units_of(parsed, chunking.max_tokens))
    for one in chunk(parsed, DOCUMENT, chunking):
        held = [unit for unit in units if one.start <= unit.start and unit.end <= one.end]
        assert estimate_tokens(one.text) <= chunking.max_tokens or len(held) == 1


@settings(max_examples=60, deadline=None)
@given(documents, chunkings)
def test_no_row_fence_or_sentence_is_cut(parsed: Parsed, chunking: Chunking) -> None:
    edges = {edge for one in chunk(parsed, DOCUMENT, chunking) for edge in (one.start, one.end)}
    start = 0
    for block in parsed.blocks:
        for first, last in _whole(block):
            assert not any(start + first < edge < start + last for edge in edges), block.text
        start += len(block.text) + 2


def _whole(block: Block) -> list[tuple[int, int]]:
    """What must stay in one piece of a block, told without the chunker's own code."""
    if block.kind in ("heading", "code"):
        return [(0, len(block.text))]
    if block.kind == "table":
        lines = block.text.split("\n")
        ends = [sum(len(line) + 1 for line in lines[: n + 1]) - 1 for n in range(len(lines))]
        return [(end - len(line), end) for line, end in zip(lines, ends, strict=True)]
    return split_sentences(block.text)


def test_a_split_table_repeats_its_header_before_whole_rows() -> None:
    rows = [["Code", "Meaning"], *[[f"E-{n:03d}", "the cell is out of service"] for n in range(40)]]
    chunks = chunk(Parsed([heading("Errors", 1), table(rows)]), DOCUMENT, Chunking(max_tokens=100))
    assert len(chunks) > 3
    assert all("| Code | Meaning |\n| --- | --- |\n" in one.text for one in chunks)
    assert [line for one in chunks for line in one.text.split("\n") if line.startswith("| E-")] == [
        f"| E-{n:03d} | the cell is out of service |" for n in range(40)
    ]


def test_a_chunk_knows_its_section_and_page() -> None:
    parsed = Parsed(
        [
            heading("Guide", 1, page=1),
            paragraph("About it. " * 30, page=1),
            heading("Limits", 2, page=2),
            paragraph("Ten a day. " * 30, page=2),
        ]
    )
    first, second = chunk(parsed, DOCUMENT, Chunking(max_tokens=120))
    assert (first.section, first.page) == (["Guide"], 1)
    assert (second.section, second.page) == (["Guide", "Limits"], 2)
    assert second.text.startswith("## Limits\n\nTen a day.")


def test_a_title_with_a_line_under_it_joins_the_section_after_it() -> None:
    parsed = Parsed([heading("Guide", 1), paragraph("Short."), heading("Limits", 2), paragraph("Ten a day.")])
    (only,) = chunk(parsed, DOCUMENT, Chunking())
    assert only.section == ["Guide"]
    assert only.text == parsed.text


def test_ids_follow_from_document_and_text_and_differ_for_repeats() -> None:
    parsed = Parsed([heading("A", 1), paragraph("Same. " * 30), heading("A", 1), paragraph("Same. " * 30)])
    chunks = chunk(parsed, DOCUMENT, Chunking(max_tokens=64))
    ids = [one.id for one in chunks]
    assert len(set(ids)) == len(ids)
    assert all(len(name) == 16 and int(name, 16) >= 0 for name in ids)
    assert ids == [one.id for one in chunk(parsed, DOCUMENT, Chunking(max_tokens=64))]
    assert not set(ids) & {one.id for one in chunk(parsed, "e" * 64, Chunking(max_tokens=64))}


def test_overlap_repeats_the_last_sentences_of_the_same_section() -> None:
    text = " ".join(f"This is sentence number {n} of the text." for n in range(20))
    chunks = chunk(Parsed([paragraph(text)]), DOCUMENT, Chunking(max_tokens=64, overlap_sentences=1))
    for before, after in pairwise(chunks):
        assert after.start < before.end
        assert before.text.endswith(text[after.start : before.end])
        assert len(split_sentences(text[after.start : before.end])) == 1


def test_code_in_a_long_list_item_stays_whole() -> None:
    item = "- Run this. " + "It takes a while. " * 20 + "\n  ```sh\n  first\n\n  second\n  ```\n  " + "Then wait. " * 20
    chunks = chunk(Parsed([listing(item)]), DOCUMENT, Chunking(max_tokens=64))
    assert len(chunks) > 2
    assert sum("```sh\n  first\n\n  second\n  ```" in one.text for one in chunks) == 1


def test_a_sentence_over_the_budget_stays_whole() -> None:
    sentence = "word " * 200 + "end."
    chunks = chunk(Parsed([paragraph(f"Short one. {sentence} Short two.")]), DOCUMENT, Chunking(max_tokens=32))
    assert sentence in [one.text for one in chunks]
