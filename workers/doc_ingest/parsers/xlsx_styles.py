"""The number formats of a workbook's cells, by the index that a cell gives."""

from __future__ import annotations

from lxml import etree

from workers.doc_ingest.parsers.xlsx_format import format_code, shown

S = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


class NumberFormats:
    """Shows cells' values as their styles say."""

    def __init__(self, styles: etree._Element | None, since_1904: bool) -> None:
        self._since_1904 = since_1904
        self._codes = [] if styles is None else _codes(styles)

    def shown(self, value: str, style: str | None) -> str:
        """A cell's value as the sheet shows it; as it stands where it is no number."""
        index = int(style) if style and style.isdigit() else 0
        code = self._codes[index] if index < len(self._codes) else "General"
        if code == "General" and value.isdigit():  # most cells of a large sheet
            return value
        try:
            number = float(value)
        except ValueError:
            return value
        if number - number != 0:  # no spreadsheet writes infinity
            return value
        return shown(number, code, self._since_1904)


def _codes(styles: etree._Element) -> list[str]:
    own = {
        int(entry.get("numFmtId", "0")): entry.get("formatCode", "General")
        for entry in styles.iterfind(f"{S}numFmts/{S}numFmt")
        if entry.get("numFmtId", "").isdigit()
    }
    identities = (entry.get("numFmtId", "0") for entry in styles.iterfind(f"{S}cellXfs/{S}xf"))
    return [format_code(int(identity) if identity.isdigit() else 0, own) for identity in identities]
