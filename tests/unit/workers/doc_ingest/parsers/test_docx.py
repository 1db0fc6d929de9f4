from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from docx.document import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from shared.errors import Rejected
from workers.doc_ingest.parsers import docx as parser
from workers.doc_ingest.parsers.docx import parse_docx

FILES = Path("../shared/data/files/python-openxml__python-docx/features/steps/test_files")


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
    assert parsed.text == "# Guide\n\n## Steps\n\n1. Open it\n1. Close it\n- By the way"
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


def test_hyperlinks_keep_their_address() -> None:
    if not FILES.is_dir():
        pytest.skip("the real files of ../shared/data are not beside this checkout")
    parsed = parse_docx((FILES / "par-hyperlinks.docx").read_bytes())
    assert "One [awesome hyperlink](http://yahoo.com/)." in parsed.text


def test_an_archive_that_unpacks_beyond_the_limit_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(parser, "MAX_EXPANDED_BYTES", 1000)
    with pytest.raises(Rejected) as rejected:
        parse_docx(saved(docx.Document()))
    assert rejected.value.code == "too_large"
