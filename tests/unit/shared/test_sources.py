from __future__ import annotations

import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.artifacts import Document, SourceRecord
from schemas.state import ObjectRecord
from shared.errors import BadCorpus
from shared.inbox import is_document, is_sources_table, relative_path
from shared.sources import from_metadata, front_matter_url, parse_sources_csv, resolve, to_metadata


def record(key: str = "inbox/telco/a/요금 guide.md", **metadata: str) -> ObjectRecord:
    return ObjectRecord(
        corpus="telco", bucket="b", key=key, etag="e", chunking="c", status="ingested", metadata=metadata
    )


def document(parsed_title: str | None = "Parsed", **source: str) -> Document:
    return Document(document="d", media_type="text/markdown", title=parsed_title, source=source)


TABLE = {"a/요금 guide.md": SourceRecord(url="https://table.example", title="Listed", licence="MIT")}


def test_front_matter_comes_before_metadata_before_the_table() -> None:
    front = document(url="https://front.example", title="Front")
    meta = record(url="https%3A%2F%2Fmeta.example%2F%ED%95%9C", title="%ED%95%9C%EA%B8%80")
    assert resolve(meta, front, TABLE) == SourceRecord(url="https://front.example", title="Front", licence="MIT")
    assert resolve(meta, document(), TABLE) == SourceRecord(url="https://meta.example/한", title="한글", licence="MIT")
    assert resolve(record(), document(), TABLE) == TABLE["a/요금 guide.md"]


def test_each_field_is_resolved_by_itself() -> None:
    assert resolve(record(), document(parsed_title=None, url="https://front.example"), TABLE) == SourceRecord(
        url="https://front.example", title="Listed", licence="MIT"
    )


def test_without_any_source_the_object_is_its_own() -> None:
    uri = "s3://b/inbox/telco/a/%EC%9A%94%EA%B8%88%20guide.md"
    assert resolve(record(), document(), {}) == SourceRecord(url=uri, title="Parsed")
    assert resolve(record(), document(parsed_title=None), {}) == SourceRecord(url=uri, title="요금 guide.md")


def test_a_decomposed_name_finds_its_row() -> None:
    key = unicodedata.normalize("NFD", "inbox/telco/a/요금 guide.md")
    assert resolve(record(key), document(), TABLE).url == "https://table.example"


@given(st.text(min_size=1), st.text(min_size=1))
def test_metadata_carries_any_text_as_ascii(path: str, title: str) -> None:
    carried = to_metadata({"url": f"https://x.example/{path}", "title": title})
    assert all(value.isascii() for value in carried.values())
    assert from_metadata(carried)["title"] == title


def test_a_url_in_metadata_keeps_its_own_percent_signs() -> None:
    url = "https://x.example/a%20b?q=1"
    assert from_metadata({"url": url}) == {"url": url}
    assert from_metadata(to_metadata({"url": url})) == {"url": url}


def test_sources_csv_is_read_as_excel_writes_it() -> None:
    text = 'title,path,url,licence\r\n"요금, 제",./a.md,https://x.example/a,\r\n'
    expected = {"a.md": SourceRecord(url="https://x.example/a", title="요금, 제")}
    assert parse_sources_csv(text.encode("utf-8-sig")) == expected
    assert parse_sources_csv(text.encode("cp949")) == expected


def test_every_mistake_in_sources_csv_is_named_with_its_line() -> None:
    body = (
        b"path,url,title\na.md,https://x,A\na.md,https://y,B\n,https://z,C\nb.md,x.example,D\nc.md,https://c,C,,extra\n"
    )
    with pytest.raises(BadCorpus) as error:
        parse_sources_csv(body)
    assert [problem.split(":")[0] for problem in error.value.problems] == [
        f"sources.csv line {line}" for line in (3, 4, 5, 6)
    ]


def test_a_missing_column_is_named() -> None:
    with pytest.raises(BadCorpus, match="no column url, title"):
        parse_sources_csv(b"path\na.md\n")


def test_the_url_of_front_matter_is_found_in_bytes() -> None:
    assert front_matter_url(b"\xef\xbb\xbf---\r\nurl: https://x.example\r\n---\r\ntext") == "https://x.example"
    assert front_matter_url(b"%PDF-1.7\x00\xff") is None


@pytest.mark.parametrize(
    ("key", "sources", "wanted"),
    [
        ("inbox/telco/a/b.md", False, True),
        ("inbox/telco/sources.csv", True, False),
        ("inbox/telco/a/sources.csv", False, True),
        ("inbox/telco/a/", False, False),
        ("inbox/telco/.DS_Store", False, False),
        ("inbox/telco/~$a.docx", False, True),
    ],
)
def test_what_is_a_document(key: str, sources: bool, wanted: Any) -> None:
    path = relative_path("telco", key)
    assert (is_sources_table(path), is_document(path)) == (sources, wanted)
