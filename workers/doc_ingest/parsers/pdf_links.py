"""Links of a PDF page onto the words that they lie over, as Markdown links."""

from __future__ import annotations

import ctypes
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import pypdfium2
from pypdfium2 import raw

from workers.doc_ingest.model import clean
from workers.doc_ingest.parsers.pdf_layout import Line

_LIMIT = 2000
"""Links of one page that are looked at."""


@dataclass(frozen=True)
class Area:
    """A rectangle in points from the page's lower left, and the address that it leads to."""

    address: str
    left: float
    bottom: float
    right: float
    top: float


def areas(document: pypdfium2.PdfDocument, page: pypdfium2.PdfPage) -> list[Area]:
    """Where the page leads elsewhere by address, from left to right; places within the document are no addresses."""
    found = [area for link in _links(page) if (address := _address(document, link)) for area in _rects(link, address)]
    return sorted(found, key=lambda area: area.left)


def linked(lines: Sequence[Line], found: Sequence[Area], textpage: pypdfium2.PdfTextPage) -> list[Line]:
    """The lines with their links, and for links over no words a line with their addresses at the page's end."""
    spans: dict[int, list[tuple[int, int, str]]] = {}
    unplaced: dict[str, None] = {}
    for area in found:
        inset = min(1.0, (area.right - area.left) / 10)  # areas touch the letters beside their words
        bounds = area.left + inset, area.bottom, area.right - inset, area.top
        text = clean(textpage.get_text_bounded(*bounds))
        parts = sorted(filter(None, (part.strip() for part in text.split("\n"))), key=len, reverse=True)
        if not [number for number in _beside(lines, area) if _place(spans, lines[number], number, parts, area.address)]:
            unplaced[area.address] = None
    taken = {address for own in spans.values() for _, _, address in own}
    done = [_with(line, sorted(spans[n])) if n in spans else line for n, line in enumerate(lines)]
    more = " ".join(f"<{address}>" for address in unplaced if address not in taken)
    return [*done, replace(lines[-1], text=more, right=0.0)] if more and lines else done


def _beside(lines: Sequence[Line], area: Area) -> list[int]:
    """The lines that an area lies over: those whose middle it holds, else the one that holds its own middle."""
    middle = (area.bottom + area.top) / 2
    held = [n for n, line in enumerate(lines) if area.bottom - 1 <= (line.bottom + line.top) / 2 <= area.top + 1]
    return held or [n for n, line in enumerate(lines) if line.bottom - 1 <= middle <= line.top + 1]


def _place(
    spans: dict[int, list[tuple[int, int, str]]], line: Line, number: int, parts: list[str], address: str
) -> bool:
    """Whether one of the parts stands in the line, and not yet in another link. The longest does best: an area touches
    letters of the lines around it, too."""
    own = spans.get(number, [])
    begin = max((end for _, end, _ in own), default=0)
    for part in parts:
        start = line.text.find(part, begin)
        if start >= 0:
            spans.setdefault(number, []).append((*_whole_words(line.text, start, start + len(part), begin), address))
            return True
    return False


def _whole_words(text: str, start: int, end: int, begin: int) -> tuple[int, int]:
    """The span without punctuation around it, grown to the ends of the words that it cuts (not before ``begin``)."""
    while start < end - 1 and text[start] in " ([{“\"'":
        start += 1
    while end > start + 1 and text[end - 1] in " .,;:)]}”\"'":
        end -= 1
    while start > begin and text[start - 1].isalnum() and text[start].isalnum():
        start -= 1
    while end < len(text) and text[end - 1].isalnum() and text[end].isalnum():
        end += 1
    return start, end


def _with(line: Line, spans: list[tuple[int, int, str]]) -> Line:
    text, place = "", 0
    for start, end, address in spans:
        label = line.text[start:end]
        text += line.text[place:start] + _markdown(label, address)
        place = end
    return replace(line, text=text + line.text[place:])


def _markdown(label: str, address: str) -> str:
    if address.removeprefix("mailto:").rstrip("/") in (label, f"https://{label}", f"http://{label}"):
        return f"<{address}>"
    return f"[{label.replace('[', '(').replace(']', ')')}]({address})"


def _links(page: pypdfium2.PdfPage) -> Iterator[raw.FPDF_LINK]:
    place, link = ctypes.c_int(0), raw.FPDF_LINK()
    for _ in range(_LIMIT):
        if not raw.FPDFLink_Enumerate(page, ctypes.byref(place), ctypes.byref(link)):
            return
        yield link


def _address(document: pypdfium2.PdfDocument, link: raw.FPDF_LINK) -> str:
    action = raw.FPDFLink_GetAction(link)
    if not action or raw.FPDFAction_GetType(action) != raw.PDFACTION_URI:
        return ""
    size = raw.FPDFAction_GetURIPath(document, action, None, 0)
    buffer = ctypes.create_string_buffer(size)
    raw.FPDFAction_GetURIPath(document, action, buffer, size)
    address = clean(buffer.value.decode("utf-8", errors="replace")).strip()
    return re.sub(r"[\s()<>]", lambda m: f"%{ord(m[0]):02X}", address)


def _rects(link: raw.FPDF_LINK, address: str) -> Iterator[Area]:
    """One area a line of words, where the link knows them, else the whole of it."""
    quad, rect = raw.FS_QUADPOINTSF(), raw.FS_RECTF()
    count = raw.FPDFLink_CountQuadPoints(link)
    for number in range(count):
        if raw.FPDFLink_GetQuadPoints(link, number, ctypes.byref(quad)):
            xs, ys = (quad.x1, quad.x2, quad.x3, quad.x4), (quad.y1, quad.y2, quad.y3, quad.y4)
            yield Area(address, min(xs), min(ys), max(xs), max(ys))
    if count <= 0 and raw.FPDFLink_GetAnnotRect(link, ctypes.byref(rect)):
        yield Area(address, rect.left, rect.bottom, rect.right, rect.top)
