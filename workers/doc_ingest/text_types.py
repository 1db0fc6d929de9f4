"""Which kind of text a text is: marks that only one kind has count; where they are even, the name decides."""

from __future__ import annotations

import csv
import re
from pathlib import PurePosixPath

from workers.doc_ingest.media_types import CSV, HTML, MARKDOWN, RST, TEXT
from workers.doc_ingest.model import clean
from workers.doc_ingest.rejections import reject

_BY_SUFFIX = {
    ".htm": HTML, ".html": HTML, ".xhtml": HTML, ".markdown": MARKDOWN, ".md": MARKDOWN, ".mdx": MARKDOWN,
    ".rst": RST, ".rest": RST, ".csv": CSV, ".tsv": CSV, ".tab": CSV,
}  # fmt: skip
_DATA_SUFFIXES = frozenset([".json", ".jsonl", ".ndjson", ".xml", ".svg", ".yaml", ".yml"])
_NAME_COUNTS = 3
"""Marks that a name is worth."""
_ENOUGH = 3
"""Marks from which on a text without a telling name is of that kind."""

_HTML_START = re.compile(
    r"^\s*(?:<\?xml[^>]*>\s*)?(?:<!--(?:(?!-->).)*-->\s*)*<(?:!doctype\s+html|html|head|body)\b", re.I | re.S
)
_MHTML_START = re.compile(r"^(?:[\w-]+:.*\n(?:[ \t].*\n)*){1,40}?content-type:\s*multipart/related", re.I)
_XML_START = re.compile(r"^\s*<\?xml\b")
_JSON_START = re.compile(r"^\s*(?:\{\s*\"(?:[^\"\\\n]|\\.)*\"\s*:|\[\s*\{\s*\")")
_HTML_TAG = re.compile(r"</(?:p|div|table|ul|ol|h[1-6]|body|html|td|a|span)>", re.I)
_XML_DOCUMENTS = {
    "<HWPML": "is a Hangul document in one XML file (HWPML); save it as HWPX",
    '<?mso-application progid="Word': "is a Word document in one XML file; save it as DOCX",
    '<?mso-application progid="Excel': "is an Excel workbook in one XML file; save it as XLSX",
}
_HEAD_CHARS = 1000

# what a mark holds is bounded: a search that starts anew at every sign of a long line would never end
_MARKDOWN_MARKS = [
    (re.compile(r"^#{1,6} +\S", re.M), 1), (re.compile(r"^ {0,3}(?:```|~~~)", re.M), 1),
    (re.compile(r"\[[^\]\n]{1,200}\]\([^)\s]{1,500}\)"), 1), (re.compile(r"^\|?(?: *:?-{3,}:? *\|)+", re.M), 2),
    (re.compile(r"\A---\n(?:[\w-]+:.*\n)+---\n"), 2), (re.compile(r"\*\*\S[^*\n]{0,200}\*\*"), 1),
]  # fmt: skip
_RST_MARKS = [
    (re.compile(r"^ *\.\. [\w:+-]+::", re.M), 2), (re.compile(r"^\.\. _[^\n]+:", re.M), 2),
    (re.compile(r"(?<!`)``[^`\n]{1,200}``(?!`)"), 1), (re.compile(r":[\w:+-]{1,40}:`[^`\n]{1,200}`"), 2),
    (re.compile(r"`[^`<>\n]{1,200} <[^<>\n]{1,500}>`_"), 2), (re.compile(r"\S::\n\n[ \t]+\S"), 1),
    (re.compile(r"^(?P<rule>[=\-~^*#+\"'])(?P=rule){2,}\n\S[^\n]*\n(?P=rule){3,}$", re.M), 1),
    (re.compile(r"^\S[^\n]{2,}\n([=~^*\"'])\1{2,}$", re.M), 1),
    (re.compile(r"^\+[-=]+\+(?:[-=]+\+)*$", re.M), 2),
]  # fmt: skip
_MAX_OF_ONE_MARK = 3
_SNIFFED_LINES = 20
_LEAST_LINES = 3


def text_type(name: str, text: str) -> str:
    """HTML, Markdown, reStructuredText, CSV or plain text. Raises Rejected (``unsupported``) for data and for pages
    that a browser saved with all their parts in one file. ``text`` may be the document's start."""
    text = clean(text).lstrip("\ufeff")
    suffix = PurePosixPath(name).suffix.lower()
    if _HTML_START.match(text):
        return HTML
    if _MHTML_START.match(text):
        raise reject("unsupported", f"{name} is a web archive (MHTML); save the page as HTML")
    for mark, advice in _XML_DOCUMENTS.items():
        if mark in text[:_HEAD_CHARS]:
            raise reject("unsupported", f"{name} {advice}")
    if suffix in _DATA_SUFFIXES or _XML_START.match(text) or _JSON_START.match(text):
        raise reject("unsupported", f"{name} holds data, not a document")
    marks = _marks(text)
    if suffix in _BY_SUFFIX:
        marks[_BY_SUFFIX[suffix]] += _NAME_COUNTS
    best = max(marks, key=lambda kind: marks[kind])
    return best if marks[best] >= _ENOUGH else TEXT


def _marks(text: str) -> dict[str, int]:
    """Kind -> how much speaks for it."""
    return {
        MARKDOWN: _count(text, _MARKDOWN_MARKS),
        RST: _count(text, _RST_MARKS),
        HTML: _html_marks(text),
        CSV: _NAME_COUNTS + 1 if delimiter_of(text) else 0,
    }


def _html_marks(text: str) -> int:
    """Closing tags; few of them count in a text that does not begin with a tag, as Markdown may hold some."""
    tags = len(_HTML_TAG.findall(text))
    return min(tags, 6) if text.lstrip().startswith("<") else min(tags // 5, 2)


def _count(text: str, marks: list[tuple[re.Pattern[str], int]]) -> int:
    return sum(worth * min(sum(1 for _ in mark.finditer(text)), _MAX_OF_ONE_MARK) for mark, worth in marks)


def delimiter_of(text: str) -> str | None:
    """What separates the columns of a table of values: the sign that cuts each of the first lines into equally many.

    A comma must do so more often than prose would let it.
    """
    lines = [line for line in text.split("\n")[: _SNIFFED_LINES + 1] if line.strip()][:_SNIFFED_LINES]
    for delimiter, least in (("\t", 2), (";", 2), ("|", 3), (",", 2)):
        widths = _widths(lines, delimiter)
        if len(widths) == 1 and len(lines) >= _LEAST_LINES and min(widths) >= least and not _is_prose(lines, delimiter):
            return delimiter
    return None


def _widths(lines: list[str], delimiter: str) -> set[int]:
    try:
        return {len(row) for row in csv.reader(lines, delimiter=delimiter) if row}
    except csv.Error:  # a cell beyond the module's limit
        return set()


def _is_prose(lines: list[str], delimiter: str) -> bool:
    """Whether the delimiter is followed by a space throughout, as punctuation is."""
    found = "".join(lines)
    return delimiter in ",;" and found.count(delimiter + " ") * 2 > found.count(delimiter)
