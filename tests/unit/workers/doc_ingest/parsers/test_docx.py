from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, nsmap, qn
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from shared.errors import Rejected
from workers.doc_ingest import archives
from workers.doc_ingest.parsers.docx import parse_docx

DATA = Path("../shared/data")
FILES = DATA / "files/python-openxml__python-docx/features/steps/test_files"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real files of ../shared/data are not beside this checkout"
)
W = nsdecls("w")
MC = "http://schemas.openxmlformats.org/markup-compatibility/2006"


def parse(document: Document) -> str:
    return parse_docx(saved(document)).text


def saved(document: Document) -> bytes:
    body = io.BytesIO()
    document.save(body)
    return body.getvalue()


def test_headings_lists_and_tables_keep_their_kind() -> None:
    document = docx.Document()
    document.add_heading("Guide", 1)
    document.add_heading("Steps", 2)
    document.add_paragraph("Open it", style="List Number")
    document.add_paragraph("Close it", style="List Number")
    document.add_paragraph("By the way", style="List Bullet 2")
    parsed = parse_docx(saved(document))
    assert parsed.text == "# Guide\n\n## Steps\n\n1. Open it\n2. Close it\n- By the way"
    assert parsed.best_title == "Guide"


def test_headings_stand_under_a_title() -> None:
    document = docx.Document()
    document.add_heading("The Title", 0)
    document.add_heading("Part", 1)
    parsed = parse_docx(saved(document))
    assert parsed.text == "# The Title\n\n## Part"
    assert parsed.best_title == "The Title"


def test_tracked_insertions_stay_and_deletions_go() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("Rates ")
    for source in (
        '<w:ins w:id="1" w:author="a" {}><w:r><w:t>rise </w:t></w:r></w:ins>',
        '<w:del w:id="2" w:author="a" {}><w:r><w:delText>fall </w:delText></w:r></w:del>',
        '<w:moveFrom w:id="3" w:author="a" {}><w:r><w:t>gone </w:t></w:r></w:moveFrom>',
        '<w:moveTo w:id="4" w:author="a" {}><w:r><w:t>here</w:t></w:r></w:moveTo>',
    ):
        paragraph._p.append(parse_xml(source.format(nsdecls("w"))))
    assert parse(document) == "Rates rise here"


def test_merged_cells_and_nested_tables_stand_once() -> None:
    document = docx.Document()
    table = document.add_table(3, 3)
    for n, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"c{n}"
    table.cell(0, 0).merge(table.cell(0, 1)).text = "wide"
    table.cell(1, 2).merge(table.cell(2, 2)).text = "tall"
    inner = table.cell(1, 0).add_table(1, 2)
    inner.cell(0, 0).text, inner.cell(0, 1).text = "in1", "in2"
    assert parse(document) == ("| wide |  | c2 |\n| --- | --- | --- |\n| c3 in1 in2 | c4 | tall |\n| c6 | c7 |  |")


def test_rows_whose_deletion_is_tracked_are_dropped() -> None:
    document = docx.Document()
    table = document.add_table(2, 2)
    for n, cell in enumerate(cell for row in table.rows for cell in row.cells):
        cell.text = f"c{n}"
    table.rows[1]._tr.get_or_add_trPr().append(parse_xml(f'<w:del w:id="1" w:author="a" {nsdecls("w")}/>'))
    assert parse(document) == "| c0 | c1 |\n| --- | --- |"


def test_content_controls_and_text_boxes_are_read_once() -> None:
    document = docx.Document()
    control = f"<w:sdt {nsdecls('w')}><w:sdtContent><w:p><w:r><w:t>inside</w:t></w:r></w:p></w:sdtContent></w:sdt>"
    document.element.body.insert(0, parse_xml(control))
    box = "<w:txbxContent><w:p><w:r><w:t>boxed</w:t></w:r></w:p></w:txbxContent>"
    twice = (
        f'<w:r {nsdecls("w")} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent>'
        f'<mc:Choice Requires="wps">{box}</mc:Choice><mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r>'
    )
    document.add_paragraph("around")._p.append(parse_xml(twice))
    assert parse(document) == "inside\n\naround\n\nboxed"


@needs_data
def test_hyperlinks_keep_their_address() -> None:
    parsed = parse_docx((FILES / "par-hyperlinks.docx").read_bytes())
    assert "One [awesome hyperlink](http://yahoo.com/)." in parsed.text


def test_a_package_that_unpacks_beyond_the_limit_is_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archives, "FREE_BYTES", 1000)
    monkeypatch.setattr(archives, "MAX_RATIO", 1)
    with pytest.raises(Rejected) as rejected:
        parse_docx(saved(docx.Document()))
    assert rejected.value.code == "archive_bomb"


def add(document: Document, inside: str) -> None:
    """A paragraph of the given runs and what else a paragraph may hold."""
    document.add_paragraph()._p.append(parse_xml(inside))


def test_a_hyperlink_field_is_a_link_and_other_fields_show_their_result() -> None:
    document = docx.Document()
    fields = (
        '<w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText> HYPERLINK "https://x.example/a b" '
        '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="separate"/></w:r><w:r><w:t>here</w:t></w:r>'
        '<w:r><w:fldChar w:fldCharType="end"/></w:r>'
        '<w:fldSimple w:instr=" PAGE "><w:r><w:t>, 7</w:t></w:r></w:fldSimple>'
    )
    add(document, f"<w:smartTag {W}>{fields}</w:smartTag>")
    assert parse(document) == "[here](https://x.example/a%20b), 7"


def test_hidden_text_and_comments_are_left_out() -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("shown")
    paragraph.add_run(" hidden").font.hidden = True
    document.add_comment(paragraph.runs, text="a remark")
    assert parse(document) == "shown"


def test_numbers_are_printed_as_word_counts_them() -> None:
    document = docx.Document()
    levels = "".join(
        f'<w:lvl w:ilvl="{level}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for level, (style, text) in enumerate([("decimal", "%1."), ("ganada", "%2."), ("decimal", "%1.%2.%3")])
    )
    numbering = document.part.numbering_part.element
    numbering.insert(0, parse_xml(f'<w:abstractNum {W} w:abstractNumId="90">{levels}</w:abstractNum>'))
    numbering.append(parse_xml(f'<w:num {W} w:numId="90"><w:abstractNumId w:val="90"/></w:num>'))
    for level, text in [(0, "a"), (1, "b"), (1, "c"), (2, "d"), (0, "e"), (1, ""), (1, "f")]:
        properties = document.add_paragraph(text)._p.get_or_add_pPr()
        place = f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="90"/></w:numPr>'
        properties.append(parse_xml(place))
    assert parse(document) == "1. a\n   - 가. b\n   - 나. c\n     - 1.나.1 d\n2. e\n   - 나. f"


def test_headings_are_known_by_outline_level_and_by_what_their_style_inherits() -> None:
    document = docx.Document()
    style = document.styles.add_style("Chapter", 1)
    style.base_style = document.styles["Heading 2"]
    document.add_paragraph("Inherited", style="Chapter")
    own = document.add_paragraph("Outlined")._p.get_or_add_pPr()
    own.append(parse_xml(f'<w:outlineLvl {W} w:val="2"/>'))
    off = document.add_paragraph("No heading", style="Chapter")._p.get_or_add_pPr()
    off.append(parse_xml(f'<w:outlineLvl {W} w:val="9"/>'))
    assert parse(document) == "## Inherited\n\n### Outlined\n\nNo heading"


def test_paragraphs_in_a_style_of_code_make_one_fence() -> None:
    document = docx.Document()
    document.styles.add_style("Source Code", 1)
    for line in ("if x:", "    y()"):
        document.add_paragraph(line, style="Source Code")
    assert parse(document) == "```\nif x:\n    y()\n```"


def test_footnotes_stand_after_the_block_that_refers_to_them() -> None:
    document = docx.Document()
    for words in ("Fee", "Again"):
        document.add_paragraph(words)._p.append(parse_xml(f'<w:r {W}><w:footnoteReference w:id="5"/></w:r>'))
    document.add_paragraph("After")
    notes = (
        f'<w:footnotes {W}><w:footnote w:type="separator" w:id="-1"><w:p/></w:footnote>'
        '<w:footnote w:id="5"><w:p><w:r><w:footnoteRef/></w:r><w:r><w:t>VAT included</w:t></w:r></w:p>'
        "</w:footnote></w:footnotes>"
    )
    part = Part(PackURI("/word/footnotes.xml"), "application/xml", notes.encode(), document.part.package)
    document.part.relate_to(part, RELATIONSHIP_TYPE.FOOTNOTES)
    assert parse(document) == "Fee[^1]\n\n[^1]: VAT included\n\nAgain[^1]\n\nAfter"


def test_a_choice_without_text_leaves_the_word_to_its_fallback() -> None:
    document = docx.Document()
    emoji = (
        f'<w:r {W} xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:AlternateContent>'
        '<mc:Choice Requires="w16se"/><mc:Fallback><w:t>☺</w:t></mc:Fallback></mc:AlternateContent></w:r>'
    )
    add(document, emoji)
    assert parse(document) == "☺"


def test_formulas_are_one_line_of_text() -> None:
    document = docx.Document()
    fraction = (
        '<m:oMath xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"><m:r><m:t>y=</m:t></m:r>'
        "<m:f><m:num><m:r><m:t>a+b</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>"
    )
    add(document, fraction)
    assert parse(document) == "y=(a+b)/2"


def test_strict_open_xml_is_read_like_transitional() -> None:
    document = docx.Document()
    document.add_heading("Strict", 1)
    body = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(document))) as source, zipfile.ZipFile(body, "w") as target:
        for name in source.namelist():
            part = source.read(name).replace(
                b"http://schemas.openxmlformats.org/wordprocessingml/2006/main",
                b"http://purl.oclc.org/ooxml/wordprocessingml/main",
            )
            target.writestr(name, part)
    assert parse_docx(body.getvalue()).text == "# Strict"


def test_an_entity_bomb_is_refused() -> None:
    bomb = (
        b'<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]><w:document xmlns:w="http://schemas.openxmlformats.org/'
        b'wordprocessingml/2006/main"><w:body><w:p><w:r><w:t>&b;</w:t></w:r></w:p></w:body></w:document>'
    )
    body = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(saved(docx.Document()))) as source, zipfile.ZipFile(body, "w") as target:
        for name in source.namelist():
            target.writestr(name, bomb if name == "word/document.xml" else source.read(name))
    with pytest.raises(Rejected) as rejected:
        parse_docx(body.getvalue())
    assert rejected.value.code == "corrupt"
    assert "entity bomb" in rejected.value.message


def _visible(body: bytes) -> Counter[str]:
    """Words of a document's ``w:t`` elements, read without the parser: deletions and second copies left out."""
    root = etree.fromstring(zipfile.ZipFile(io.BytesIO(body)).read("word/document.xml"))
    gone = {f"{{{nsmap['w']}}}del", f"{{{nsmap['w']}}}moveFrom", f"{{{MC}}}Fallback"}
    shown: list[str] = []
    for element in root.iter(qn("w:t"), qn("w:p"), qn("w:tab"), qn("w:br")):
        if not gone & {ancestor.tag for ancestor in element.iterancestors()}:
            shown.append((element.text or "") if element.tag == qn("w:t") else " ")
    return Counter(re.findall(r"\w+", "".join(shown)))


@needs_data
@pytest.mark.parametrize("file", sorted(DATA.rglob("*.docx")), ids=lambda file: file.name)
def test_real_documents_keep_their_words_and_repeat_none(file: Path) -> None:
    wanted = _visible(file.read_bytes())
    found = Counter(re.findall(r"\w+", re.sub(r"\]\([^)]*\)", "]", parse_docx(file.read_bytes()).text)))
    assert (wanted & found).total() >= 0.98 * wanted.total()
    # printed list numbers and marks of notes are the parser's own; every other word stands as often as in the document
    assert {word: n for word, n in (found - wanted).items() if not re.fullmatch(r"\d+|[a-z]|_+", word)} == {}


CELLS = st.lists(st.lists(st.integers(1, 3), min_size=1, max_size=4), min_size=1, max_size=5)


@given(CELLS, st.data())
def test_every_cell_of_a_table_stands_once_however_it_is_merged(spans: list[list[int]], data: st.DataObject) -> None:
    count = 0
    rows = []
    for row in spans:
        cells = []
        for span in row:
            merge = data.draw(st.sampled_from(["", '<w:vMerge w:val="restart"/>']))
            inner = data.draw(st.booleans())
            count += 1
            words = f"<w:p><w:r><w:t>c{count}c</w:t></w:r></w:p>"
            nested = (
                f"<w:tbl><w:tr><w:tc><w:p><w:r><w:t>n{count}n</w:t></w:r></w:p></w:tc></w:tr></w:tbl>" if inner else ""
            )
            cells.append(f'<w:tc><w:tcPr><w:gridSpan w:val="{span}"/>{merge}</w:tcPr>{nested}{words}</w:tc>')
        rows.append(f"<w:tr>{''.join(cells)}</w:tr>")
    source = f"<w:tbl {W}>{''.join(rows)}</w:tbl>"
    document = docx.Document()
    document.element.body.insert(0, parse_xml(source))
    found = Counter(re.findall(r"[cn]\d+[cn]", parse(document)))
    assert found == Counter(re.findall(r"[cn]\d+[cn]", source))
