"""Lines of a page into blocks: what is taller than the body text is a heading, a gap ends a paragraph."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from shared.text.language import is_hangul
from workers.doc_ingest.model import Block, heading, listing, paragraph

HEADING_HEIGHT = 1.15
"""A line this many times as tall as the body text is a heading."""
PARAGRAPH_GAP = 0.75
"""White space between two lines, in line heights, that ends a paragraph."""
FULL_LINE = 0.85
"""A line that reaches this share of the text's width was wrapped; a shorter one ends where its writer ended it."""

HEADING_SHARE = 0.2
"""Type in which more than this share of all characters is set is text of its own kind, not headings."""

MAX_HEADING_CHARS = 120
_BULLET = re.compile(r"^[•●▪‣◦○■·–-]\s+(?=\S)")
_ENDED = re.compile(r"[.!?…。:;][\"'”’)\]]*$")
_BROKEN_LINK = re.compile(r"\[([^\]\n]*)\]\(([^)\s]+)\)([ \n]?)\[([^\]\n]*)\]\(\2\)")
_BROKEN_ADDRESS = re.compile(r"\[([^\]\n]*)\]\(([^)\s]+)\)[ \n]?<\2>")
_NUMBER = re.compile(r"^\d{1,2}[.)]\s+(?=\S)")


@dataclass(frozen=True)
class Line:
    """One line of text and its box in points, from the page's lower left."""

    text: str
    page: int
    bottom: float
    right: float
    top: float
    level: int = 0
    """Of a heading that a bookmark names; else 0."""

    @property
    def height(self) -> float:
        """Rounded to half a point, so that equal type gives equal heights."""
        return round((self.top - self.bottom) * 2) / 2


def blocks_of(lines: list[Line]) -> Iterator[Block]:
    """Blocks in reading order, each on the page where it starts."""
    levels = _heading_levels(lines)
    depth = max((line.level for line in lines), default=0)
    if depth:  # what only looks like a heading stands under those that bookmarks name
        levels = {height: min(depth + level, 6) for height, level in levels.items()}
    widths: dict[int, float] = {}
    for line in lines:
        widths[line.page] = max(line.right, widths.get(line.page, 0.0))
    items: list[str] = []
    start = 0  # the items' page
    groups = list(_groups(lines, levels, widths))
    for group, following in zip(groups, [*groups[1:], []], strict=True):
        first, text = group[0], _joined(group, widths)
        item = _is_item(first, levels)
        if not item or first.page != start:
            yield from _flush(items, start)
            start = first.page
        if item:
            items.append(_BULLET.sub("- ", text.replace("\n", " ")))
        else:
            yield _block(first, text, levels, following)
    yield from _flush(items, start)


def _is_item(first: Line, levels: dict[float, int]) -> bool:
    numbered = _NUMBER.match(first.text) and first.height not in levels
    return not first.level and bool(_BULLET.match(first.text) or numbered)


def _block(first: Line, text: str, levels: dict[float, int], following: list[Line]) -> Block:
    if first.level:
        return heading(text, first.level, first.page)
    if first.height in levels and _is_title(text, [line for line in following if line.height in levels]):
        return heading(text, levels[first.height], first.page)
    return paragraph(text, first.page)


def _is_title(text: str, tall: list[Line]) -> bool:
    """Whether tall words may be a heading: neither a sentence nor a part of one that goes on in ``tall`` lines."""
    if len(text) > MAX_HEADING_CHARS or not any(c.isalpha() for c in text) or text[0].islower():
        return False
    goes_on = bool(tall) and tall[0].text[0].islower()
    return not goes_on and not text.endswith((".", ",", ";"))


def _heading_levels(lines: list[Line]) -> dict[float, int]:
    """Line height -> heading level: the tallest is 1. The body's height is the one most characters have."""
    characters: Counter[float] = Counter()
    for line in lines:
        characters[line.height] += len(line.text) if not line.level else 0
    body = max(characters, key=lambda height: (characters[height], -height))
    rare = [height for height, count in characters.items() if count <= HEADING_SHARE * characters.total()]
    taller = sorted((height for height in rare if height > body * HEADING_HEIGHT > 0), reverse=True)
    return {height: min(level, 6) for level, height in enumerate(taller, start=1)}


def _flush(items: list[str], page: int) -> Iterator[Block]:
    if items:
        yield listing("\n".join(items), page)
        items.clear()


def _groups(lines: list[Line], levels: dict[float, int], widths: dict[int, float]) -> Iterator[list[Line]]:
    group = [lines[0]]
    for before, line in pairwise(lines):
        if _ends_group(before, line, levels) or (before.page != line.page and not _goes_on(before, line, widths)):
            yield group
            group = []
        group.append(line)
    yield group


def _ends_group(before: Line, line: Line, levels: dict[float, int]) -> bool:
    gap = before.bottom - line.top
    tall = max(before.height, line.height)
    return (
        _marker(line.text)
        or before.level > 0
        or line.level > 0
        or levels.get(before.height) != levels.get(line.height)
        or (before.page == line.page and gap > PARAGRAPH_GAP * tall)
        or (before.page == line.page and line.bottom > before.top + tall)  # another column, or a box beside the text
    )


def _goes_on(before: Line, line: Line, widths: dict[int, float]) -> bool:
    """Whether a sentence goes on over the end of a page: its line is full, without an end, and no capital follows."""
    full = before.right >= widths[before.page] * FULL_LINE and not _ENDED.search(before.text)
    return full and (line.text[0].islower() or is_hangul(line.text[0]))


def _marker(text: str) -> bool:
    return bool(_BULLET.match(text) or _NUMBER.match(text))


def _joined(group: list[Line], widths: dict[int, float]) -> str:
    """Lines as one text: wrapped ones with a space (none after a hyphen), others on lines of their own."""
    text = group[0].text
    for before, line in pairwise(group):
        wrapped = before.right >= widths[before.page] * FULL_LINE
        text += ("" if before.text.endswith("-") else " ") if wrapped else "\n"
        text += line.text
    return _whole_links(text) if "](" in text else text


def _whole_links(text: str) -> str:
    """Links that line ends had broken into several, as one each."""
    before = ""
    while before != text:
        before, text = text, _BROKEN_LINK.sub(lambda m: f"[{m[1]}{' ' if m[3] else ''}{m[4]}]({m[2]})", text)
    return _BROKEN_ADDRESS.sub(lambda m: f"<{m[2]}>" if m[2].startswith(m[1]) else m[0], text)
