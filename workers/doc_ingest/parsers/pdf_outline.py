"""A PDF's bookmarks as headings: found among its lines, or put where they point."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

import pypdfium2

from workers.doc_ingest.model import clean
from workers.doc_ingest.parsers.pdf_layout import MAX_HEADING_CHARS, Line

MAX_ENTRIES = 5000
_MACHINE_MADE = re.compile(r"^_|^(?:page|slide|sheet|bookmark)\s*\d+$|\.\w{2,4}$|^\W*$", re.IGNORECASE)
_NUMBER = re.compile(r"^\s*(?:\d+(?:\.\d+)*[.)]?|[A-Z][.)]|[IVXLC]+[.)])\s+(?=\S)")
_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True)
class Entry:
    """A bookmark: its heading level from 1, and the height in points on its page (None: the page's top)."""

    title: str
    level: int
    page: int
    top: float | None


def outline(document: pypdfium2.PdfDocument) -> list[Entry]:
    """The bookmarks that name a page's part: neither file names nor page numbers nor whole sentences."""
    found = []
    try:
        for bookmark in document.get_toc(max_depth=6):
            if (entry := _entry(bookmark)) is not None:
                found.append(entry)
            if len(found) >= MAX_ENTRIES:
                break
    except pypdfium2.PdfiumError:
        pass  # a torn outline says what it can
    return found


def with_headings(lines: Sequence[Line], entries: Sequence[Entry]) -> list[Line]:
    """A page's lines, those that a bookmark names marked with its level, in one line each."""
    done = list(lines)
    for entry in entries:
        found = _find(done, _key(_NUMBER.sub("", entry.title)))
        if found is None:
            done.insert(_place(done, entry), _made(done, entry))
        else:
            first, last = found
            text = " ".join(line.text for line in done[first:last])
            right = max(line.right for line in done[first:last])
            done[first:last] = [replace(done[first], text=text, right=right, level=entry.level)]
    return done


def _entry(bookmark: pypdfium2.PdfBookmark) -> Entry | None:
    title = " ".join(clean(bookmark.get_title()).split())
    target = bookmark.get_dest()
    page = target.get_index() if target else None
    if page is None or _MACHINE_MADE.search(title) or len(title) > MAX_HEADING_CHARS:
        return None
    kind, view = target.get_view()
    top = view[1] if kind == pypdfium2.raw.PDFDEST_VIEW_XYZ and len(view) > 1 else None
    return Entry(title, bookmark.level + 1, page + 1, top)


def _find(lines: Sequence[Line], wanted: str) -> tuple[int, int] | None:
    """The first run of up to three lines, none of them a heading yet, that says just what the bookmark says."""
    for first in range(len(lines)):
        text = ""
        for last in range(first, min(first + 3, len(lines))):
            # programs number headings on the page, but not always in their bookmarks
            text += _key(lines[last].text if text else _NUMBER.sub("", lines[last].text))
            if lines[last].level or not wanted.startswith(text):
                break
            if text == wanted:
                return first, last + 1
    return None


def _place(lines: Sequence[Line], entry: Entry) -> int:
    """Before the first line whose middle lies below the place that the bookmark points to."""
    if entry.top is None:
        return 0
    below = (n for n, line in enumerate(lines) if (line.top + line.bottom) / 2 <= entry.top and not line.level)
    return next(below, len(lines))


def _made(lines: Sequence[Line], entry: Entry) -> Line:
    at = entry.top if entry.top is not None else max((line.top for line in lines), default=0.0)
    return Line(entry.title, entry.page, bottom=at, right=0.0, top=at, level=entry.level)


def _key(text: str) -> str:
    """Letters and digits alone: bookmarks and pages differ in punctuation."""
    return _LETTERS.sub("", text).casefold()


def by_page(entries: Sequence[Entry]) -> dict[int, list[Entry]]:
    """Bookmarks by page, from 1, in their own order."""
    pages: dict[int, list[Entry]] = {}
    for entry in entries:
        pages.setdefault(entry.page, []).append(entry)
    return pages
