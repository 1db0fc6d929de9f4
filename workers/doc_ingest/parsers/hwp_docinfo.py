"""What an HWP 5 document's DocInfo stream says about its paragraphs: outline levels, list numbers and bullets."""

from __future__ import annotations

from workers.doc_ingest.parsers.hangul_blocks import Head
from workers.doc_ingest.parsers.hangul_numbering import NUMBER_FORMATS, HangulNumbering, Level
from workers.doc_ingest.parsers.hwp_records import NUMBERING, PARA_SHAPE, Record

_LEVELS = 7
_HEAD_BYTES = 12
_HEADS = {1: "outline", 2: "number", 3: "bullet"}


class DocInfo:
    """Heads of paragraphs by the number of their paragraph shape."""

    def __init__(self, records: list[Record]) -> None:
        found = list(_all(records))
        self._shapes = [record for record in found if record.tag == PARA_SHAPE]
        numberings = [record for record in found if record.tag == NUMBERING]
        self.numbering = HangulNumbering(
            {str(index): _levels(entry) for index, entry in enumerate(numberings, start=1)}
        )

    def head(self, shape: int, outline: int) -> Head | None:
        """``outline`` is the number of the section's outline numbering, from 1."""
        record = self._shapes[shape] if shape < len(self._shapes) else None
        attributes = record.number(0, "I") if record else 0
        level = (attributes >> 25) & 0x7
        match _HEADS.get((attributes >> 23) & 0x3):
            case "outline":
                return Head("outline", str(outline), level)
            case "number" if record:
                return Head("number", str(record.number(30)), level)
            case "bullet":
                return Head("bullet", "", level)
        return None


def _all(records: list[Record]) -> list[Record]:
    """DocInfo's records hang under that of its id mappings."""
    return [record for top in records for record in (top, *top.children)]


def _levels(record: Record) -> dict[int, Level]:
    """Of each level a head of 12 bytes, whose first word has the number format, then the text; start numbers follow
    the levels that older documents do not have."""
    levels: dict[int, Level] = {}
    offset = 0
    for index in range(_LEVELS):
        code = (record.number(offset, "I") >> 5) & 0xF
        text = record.string(offset + _HEAD_BYTES)
        offset += _HEAD_BYTES + 2 + 2 * record.number(offset + _HEAD_BYTES)
        style = NUMBER_FORMATS[code][1] if code < len(NUMBER_FORMATS) else "decimal"
        levels[index] = Level(style, text)
    starts = offset + 2
    return {
        index: Level(level.style, level.text, record.number(starts + 4 * index, "I", 1) or 1)
        for index, level in levels.items()
    }
