from __future__ import annotations

import io
import re
import zipfile
from collections import Counter
from pathlib import Path

import pytest
from lxml import etree

from shared.errors import Rejected
from workers.doc_ingest.parsers.hwpx import parse_hwpx

DATA = Path("../shared/data")
FILES = DATA / "files/neolord0__hwpxlib/testFile"
needs_data = pytest.mark.skipif(
    not DATA.is_dir(), reason="the real files of ../shared/data are not beside this checkout"
)

SPACES = 'xmlns:hp="http://www.hancom.co.kr/hwpml/2011/paragraph" xmlns:hs="http://www.hancom.co.kr/hwpml/2011/section"'


def hwpx(section: str, **others: str) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("mimetype", "application/hwp+zip")
        archive.writestr("Contents/section0.xml", f"<hs:sec {SPACES}>{section}</hs:sec>")
        for name, content in others.items():
            archive.writestr({"manifest": "META-INF/manifest.xml", "header": "Contents/header.xml"}[name], content)
    return body.getvalue()


def text(section: str) -> str:
    return parse_hwpx(hwpx(section)).text


def para(inside: str) -> str:
    return f"<hp:p><hp:run>{inside}</hp:run></hp:p>"


def t(words: str) -> str:
    return f"<hp:t>{words}</hp:t>"


def cell(row: int, column: int, inside: str) -> str:
    return f'<hp:tc><hp:subList>{inside}</hp:subList><hp:cellAddr colAddr="{column}" rowAddr="{row}"/></hp:tc>'


def test_merged_cells_stand_once_in_their_place() -> None:
    table = (
        f"<hp:tbl><hp:caption><hp:subList>{para(t('표 1'))}</hp:subList></hp:caption>"
        f"<hp:tr>{cell(0, 0, para(t('넓은')))}{cell(0, 2, para(t('c')))}</hp:tr>"
        f"<hp:tr>{cell(1, 1, para(t('둘')) + para(t('줄')))}</hp:tr></hp:tbl>"
    )
    assert text(para(t("앞") + table)) == "앞\n\n표 1\n\n| 넓은 |  | c |\n| --- | --- | --- |\n|  | 둘 줄 |  |"


def test_notes_links_boxes_and_characters_are_read_and_headers_are_not() -> None:
    head = f"<hp:ctrl><hp:header><hp:subList>{para(t('머리말'))}</hp:subList></hp:header></hp:ctrl>"
    own = para('<hp:autoNum num="1"/>' + t("각주"))
    note = f"<hp:ctrl><hp:footNote><hp:subList>{own}</hp:subList></hp:footNote></hp:ctrl>"
    link = (
        '<hp:ctrl><hp:fieldBegin type="HYPERLINK"><hp:parameters><hp:stringParam name="Command">https\\://x.example;1;0;'
        "</hp:stringParam></hp:parameters></hp:fieldBegin></hp:ctrl>" + t("여기") + "<hp:ctrl><hp:fieldEnd/></hp:ctrl>"
    )
    box = f"<hp:rect><hp:drawText><hp:subList>{para(t('상자'))}</hp:subList></hp:drawText></hp:rect>"
    words = t("한<hp:tab/>글<hp:lineBreak/>둘") + "<hp:compose composeText='10'/>"
    section = para(head + words + link + note + box)
    assert text(section) == "한\t글\n둘10[여기](https://x.example)[^1]\n\n상자\n\n[^1]: 각주"


def test_tracked_deletions_go_across_paragraphs_and_insertions_stay() -> None:
    section = (
        para(t('가<hp:insertBegin Id="1"/>나<hp:insertEnd Id="1"/><hp:deleteBegin Id="2"/>다'))
        + para(t('라<hp:deleteEnd Id="2"/>마'))
    )  # fmt: skip
    assert text(section) == "가나\n\n마"


@needs_data
def test_numbers_and_outline_are_as_the_document_shows_them() -> None:
    found = parse_hwpx((FILES / "tool/textextractor/ParaHead.hwpx").read_bytes()).text
    assert found.startswith(
        "- 글머리1-1\n- 글머리1-2\n- 글머리2-1\n- 글머리2-2\n1. 번호1\n2. 번호2\n3. 번호3\n   - 3.1. 번호3-1"
    )
    assert "# 1. 개요1\n\n## 가. 개요1-1\n\n## 나. 개요1-2" in found
    assert found.endswith("# 2. 개요2\n\n## 가. 개요2-1\n\n### 1) 개요2-1-1")


def _letters(text: str) -> str:
    return re.sub(r"\s|[|\\#-]|\[\^e?\d+\]:?", "", text)


def _written(file: Path) -> str:
    """All text of a document's sections but that of headers, footers, hidden comments and tracked deletions."""
    found = ""
    with zipfile.ZipFile(file) as archive:
        for name in sorted(name for name in archive.namelist() if re.match(r"Contents/section\d+\.xml", name)):
            root = etree.fromstring(archive.read(name))
            for element in root.iter("{*}t"):
                if not any(
                    parent.tag.rpartition("}")[2] in ("header", "footer", "hiddenComment")
                    for parent in element.iterancestors()
                ):
                    found += "".join(element.itertext())
    return found


@needs_data
def test_no_letter_of_the_real_documents_is_lost() -> None:
    files = sorted(FILES.rglob("*.hwpx"))
    assert len(files) > 40
    for file in files:
        found, wanted = _letters(parse_hwpx(file.read_bytes()).text), _letters(_written(file))
        if file.name != "ChangeTrack.hwpx":
            assert Counter(wanted) - Counter(found) == Counter(), file.name


def test_a_password_and_a_missing_section_are_told_apart() -> None:
    with pytest.raises(Rejected) as locked:
        parse_hwpx(hwpx("", manifest="<m><file-entry><encryption-data/></file-entry></m>"))
    assert locked.value.code == "encrypted"
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w") as archive:
        archive.writestr("mimetype", "application/hwp+zip")
    with pytest.raises(Rejected) as torn:
        parse_hwpx(body.getvalue())
    assert torn.value.code == "corrupt"
