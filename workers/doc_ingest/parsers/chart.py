"""The numbers behind a chart (ECMA-376 part 1, 21.2), as its document keeps them for drawing it."""

from __future__ import annotations

from lxml import etree

from workers.doc_ingest.parsers.xlsx_format import shown

_C = "{http://schemas.openxmlformats.org/drawingml/2006/chart}"
_A = "{http://schemas.openxmlformats.org/drawingml/2006/main}"
_MAX_POINTS = 1000


def chart_rows(chart: etree._Element) -> tuple[str, list[list[str]]]:
    """(title, rows): a header of the series' names, then a row for each category."""
    title = " ".join("".join(text.text or "" for text in chart.iterfind(f"{_C}chart/{_C}title//{_A}t")).split())
    series = list(chart.iter(f"{_C}ser"))
    if not series:
        return title, []
    names = [_first(entry, "tx") for entry in series]
    columns = [_points(entry, "val") or _points(entry, "yVal") for entry in series]
    categories = _points(series[0], "cat") or _points(series[0], "xVal")
    count = min(max((index + 1 for column in [categories, *columns] for index in column), default=0), _MAX_POINTS)
    rows = [[categories.get(index, ""), *(column.get(index, "") for column in columns)] for index in range(count)]
    return title, [["", *names], *rows] if rows else []


def _first(series: etree._Element, part: str) -> str:
    return next((value.text or "" for value in series.iterfind(f"{_C}{part}//{_C}v")), "")


def _points(series: etree._Element, part: str) -> dict[int, str]:
    """Index -> value of the points, numbers in their format."""
    holder = series.find(f"{_C}{part}")
    if holder is None:
        return {}
    code = holder.findtext(f".//{_C}formatCode") or "General"
    numeric = holder.find(f".//{_C}numCache") is not None
    found = {}
    for point in holder.iter(f"{_C}pt"):
        index, value = point.get("idx", ""), point.findtext(f"{_C}v") or ""
        if index.isdigit():
            found[int(index)] = _number(value, code) if numeric else value
    return found


def _number(value: str, code: str) -> str:
    try:
        return shown(float(value), code)
    except (ValueError, OverflowError):
        return value
