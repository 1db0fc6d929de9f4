from __future__ import annotations

import io

import pptx
import pytest
from pptx.chart.data import CategoryChartData
from pptx.enum.chart import XL_CHART_TYPE
from pptx.opc.package import Part
from pptx.opc.packuri import PackURI
from pptx.oxml import parse_xml
from pptx.presentation import Presentation
from pptx.util import Inches

from shared.errors import Rejected
from workers.doc_ingest.model import Parsed
from workers.doc_ingest.parsers.pptx import parse_pptx

OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
DRAWING = "http://schemas.openxmlformats.org/drawingml/2006/main"
DIAGRAM = "http://schemas.openxmlformats.org/drawingml/2006/diagram"
PRESENTATION = "http://schemas.openxmlformats.org/presentationml/2006/main"
INCH = Inches(1)


def parse(deck: Presentation) -> Parsed:
    body = io.BytesIO()
    deck.save(body)
    return parse_pptx(body.getvalue())


def test_slides_give_title_list_table_and_notes_on_their_page() -> None:
    deck = pptx.Presentation()
    deck.slides.add_slide(deck.slide_layouts[0]).shapes.title.text = "로밍"
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "How\nto"
    frame = slide.placeholders[1].text_frame
    frame.text = "First"
    inner = frame.add_paragraph()
    inner.text, inner.level = "Second", 1
    table = slide.shapes.add_table(2, 2, 0, 0, INCH, INCH).table
    table.cell(0, 0).merge(table.cell(0, 1))
    for cell, text in ((table.cell(0, 0), "wide"), (table.cell(1, 0), "a"), (table.cell(1, 1), "b")):
        cell.text = text
    slide.notes_slide.notes_text_frame.text = "Say hello"
    parsed = parse(deck)
    assert parsed.text == (
        "# 로밍\n\n# How to\n\n- First\n  - Second\n\n| wide |  |\n| --- | --- |\n| a | b |\n\nNotes: Say hello"
    )
    assert [block.page for block in parsed.blocks] == [1, 2, 2, 2, 2]
    assert parsed.pages == 2


def test_a_slide_without_a_title_does_not_count_for_the_one_before() -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    run = slide.shapes.add_textbox(0, 0, INCH, INCH).text_frame.paragraphs[0].add_run()
    run.text = "Click here"
    run.hyperlink.address = "https://x.example"
    own = slide.shapes[0].text_frame.paragraphs[0]._p
    own.append(parse_xml(f'<a:fld xmlns:a="{DRAWING}" id="{{0}}" type="slidenum"><a:t>7</a:t></a:fld>'))
    deck.slides.add_slide(deck.slide_layouts[6])
    assert parse(deck).text == "# Slide 1\n\n[Click here](https://x.example)"


def test_groups_are_opened_and_charts_give_their_numbers() -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[5])
    slide.shapes.title.text = "T"
    group = slide.shapes.add_group_shape().shapes.add_group_shape()
    group.shapes.add_textbox(0, 0, INCH, INCH).text_frame.text = "deep"
    data = CategoryChartData(number_format="#,##0")
    data.categories = ["Q1", "Q2"]
    data.add_series("가입자", (1200, 34000))
    chart = slide.shapes.add_chart(XL_CHART_TYPE.COLUMN_CLUSTERED, 0, 0, INCH, INCH, data).chart
    chart.has_title = True
    chart.chart_title.text_frame.text = "Growth"
    assert parse(deck).text == (
        "# T\n\ndeep\n\nGrowth\n\n|  | 가입자 |\n| --- | --- |\n| Q1 | 1,200 |\n| Q2 | 34,000 |"
    )


def test_a_diagram_gives_its_texts() -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[6])
    points = "".join(
        f"<dgm:pt><dgm:t><a:p><a:r><a:t>{text}</a:t></a:r></a:p></dgm:t></dgm:pt>" for text in ("신청", "승인")
    )
    data = f'<dgm:dataModel xmlns:dgm="{DIAGRAM}" xmlns:a="{DRAWING}"><dgm:ptLst>{points}</dgm:ptLst></dgm:dataModel>'
    part = Part(PackURI("/ppt/diagrams/data1.xml"), "application/xml", deck.part.package, data.encode())
    identity = slide.part.relate_to(part, f"{OFFICE}/diagramData")
    frame = (
        f'<p:graphicFrame xmlns:p="{PRESENTATION}" xmlns:a="{DRAWING}"><a:graphic><a:graphicData uri="{DIAGRAM}">'
        f'<dgm:relIds xmlns:dgm="{DIAGRAM}" xmlns:r="{OFFICE}" r:dm="{identity}"/>'
        "</a:graphicData></a:graphic></p:graphicFrame>"
    )
    slide.shapes._spTree.append(parse_xml(frame))
    assert parse(deck).text == "# Slide 1\n\n- 신청\n- 승인"


def test_hidden_slides_are_left_out_and_named() -> None:
    deck = pptx.Presentation()
    for title in ("Shown", "Hidden"):
        deck.slides.add_slide(deck.slide_layouts[0]).shapes.title.text = title
    deck.slides[1]._element.set("show", "0")
    parsed = parse(deck)
    assert parsed.text == "# Shown"
    assert parsed.notes == ["Slide 2 is hidden and was left out."]


def test_numbered_paragraphs_keep_their_numbers() -> None:
    deck = pptx.Presentation()
    slide = deck.slides.add_slide(deck.slide_layouts[1])
    slide.shapes.title.text = "T"
    frame = slide.placeholders[1].text_frame
    frame.text = "one\ntwo\nnone"
    namespace = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
    for paragraph in frame.paragraphs[:2]:
        properties = paragraph._p.get_or_add_pPr()
        properties.append(properties.makeelement(f"{namespace}buAutoNum", {"type": "alphaLcParenR", "startAt": "3"}))
    properties = frame.paragraphs[2]._p.get_or_add_pPr()
    properties.append(properties.makeelement(f"{namespace}buNone", {}))
    assert parse(deck).text == "# T\n\n- c) one\n- d) two\n\nnone"


def test_a_presentation_without_slides_is_empty() -> None:
    with pytest.raises(Rejected) as rejected:
        parse(pptx.Presentation())
    assert rejected.value.code == "empty"
