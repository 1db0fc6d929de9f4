"""Running heads and feet of a PDF: what stands at the edge of most pages is told once, page numbers never."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence

from workers.doc_ingest.parsers.pdf_layout import Line

MIN_PAGES = 3
EDGE_LINES = 3
"""Lines at a page's top, and as many at its bottom, among which a running line is looked for."""
SHARE = 0.5
"""Of the pages, that a running line stands on."""

_OF = re.compile(r"\b(\d{1,4})\s*(?:of|/)\s*\d{1,4}\b")
_OUTER = re.compile(r"^(\d{1,4})(?=\W|$)|(?<=\W)(\d{1,4})$")
_NUMBER = re.compile(r"^\W*(?:page|페이지|쪽|p\.?)?\W*#-?\d+\W*(?:페이지|쪽)?$")


def without_running_lines(pages: Sequence[Sequence[Line]]) -> list[list[Line]]:
    """The pages' lines without those that came on an earlier page already, and without page numbers."""
    edges = [set(_edge(lines)) for lines in pages]
    counts = Counter(key for lines, own in zip(pages, edges, strict=True) for key in {_key(lines[n]) for n in own})
    printed = sum(bool(lines) for lines in pages)
    most = max(MIN_PAGES, SHARE * printed)
    # a number that keeps step with the pages needs no majority: layouts change within a document
    running = {key for key, n in counts.items() if n >= (MIN_PAGES if _NUMBER.match(key) else most)}
    told: set[str] = set()
    return [list(_kept(lines, own, running, told)) for lines, own in zip(pages, edges, strict=True)]


def _kept(lines: Sequence[Line], edge: set[int], running: set[str], told: set[str]) -> Iterator[Line]:
    for number, line in enumerate(lines):
        key = _key(line)
        if number in edge and key in running:
            if key in told or _NUMBER.match(key):
                continue
            told.add(key)
        yield line


def _edge(lines: Sequence[Line]) -> list[int]:
    """Places of the highest and the lowest lines: a PDF may give its foot first."""
    by_height = sorted(range(len(lines)), key=lambda n: -lines[n].top)
    return by_height[:EDGE_LINES] + by_height[-EDGE_LINES:]


def _key(line: Line) -> str:
    """The line with a number at its start or end as its distance from the page's own: a page number keeps it, the
    number of a chapter does not."""
    text = line.text.casefold()
    pattern = _OF if _OF.search(text) else _OUTER
    return pattern.sub(lambda match: f"#{int(match[match.lastindex or 0]) - line.page}", text)
