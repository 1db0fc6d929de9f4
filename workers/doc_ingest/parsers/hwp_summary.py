"""The title among an HWP document's summary properties (a property set stream, MS-OLEPS 2).

olefile's own reader takes a string's length for characters where Hangul writes bytes, and runs into the next one.
"""

from __future__ import annotations

from workers.doc_ingest.parsers.hwp_records import Record

_SECTION_OFFSET = 44
_TITLE = 2
_WIDE_STRING = 0x1F
_MAX_PROPERTIES = 100


def summary_title(stream: bytes) -> str:
    """The title up to its closing zero; empty where there is none."""
    data = Record(0, stream)
    section = data.number(_SECTION_OFFSET, "I")
    for index in range(min(data.number(section + 4, "I"), _MAX_PROPERTIES)):
        entry = section + 8 + 8 * index
        place = section + data.number(entry + 4, "I")
        if data.number(entry, "I") == _TITLE and data.number(place, "I") == _WIDE_STRING:
            length = data.number(place + 4, "I")
            words = stream[place + 8 : place + 8 + 2 * length].decode("utf-16-le", errors="replace")
            return words.partition("\0")[0]
    return ""
