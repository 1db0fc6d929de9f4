"""Question-answer pairs that people wrote, read from JSON Lines or CSV; every mistake at once, with its line."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterator
from typing import Any

from schemas.artifacts import GroundTruth
from shared.errors import BadGroundTruth

FIELDS = ("id", "question", "answer", "references")
GIVEN = "documents"
"""May be left out: links of the documents that a question is answered from, instead of a search."""
LABELS = ("type", "topic")
"""May be left out: by what the results are sliced."""

Row = tuple[int, dict[str, Any]]
"""A pair as it was written, and the line it ends on."""


def read_ground_truth(name: str, body: bytes) -> list[GroundTruth]:
    """The pairs in the order written. ``name`` ends in ``.csv`` for CSV; anything else is JSON Lines.

    In CSV, links are separated by white space or ``|``. Raises BadGroundTruth with every mistake found.
    """
    problems: list[str] = []
    text = _decoded(name, body)
    rows = _csv(text, problems) if name.lower().endswith(".csv") else _json_lines(text, problems)
    pairs: list[GroundTruth] = []
    lines: dict[str, int] = {}
    for line, row in rows:
        mistakes = list(_mistakes(row, lines))
        problems += [f"line {line}: {mistake}" for mistake in mistakes]
        if not mistakes:
            lines[str(row["id"])] = line
            fields = (*FIELDS, *(field for field in (GIVEN, *LABELS) if row.get(field)))
            pairs.append(GroundTruth(**{field: _trimmed(row[field]) for field in fields}))
    if not problems and not pairs:
        problems.append("there are no pairs in it; write one JSON object a line, or CSV rows under the header")
    if problems:
        raise BadGroundTruth([f"{name} {problem}" for problem in problems])
    return pairs


def _decoded(name: str, body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = body[: error.start].count(b"\n") + 1
        raise BadGroundTruth(f"{name} line {line}: it is not UTF-8 text; save it as UTF-8") from None


def _json_lines(text: str, problems: list[str]) -> Iterator[Row]:
    for line, source in enumerate(text.split("\n"), start=1):
        if not source.strip():
            continue
        try:
            row = json.loads(source)
        except (ValueError, RecursionError) as error:
            problems.append(f"line {line}: it is no JSON ({error}); write one object a line")
            continue
        if isinstance(row, dict):
            yield line, row
        else:
            problems.append(f"line {line}: it is no JSON object; write {{{', '.join(FIELDS)}}}")


def _csv(text: str, problems: list[str]) -> Iterator[Row]:
    reader = csv.DictReader(io.StringIO(text, newline=""), skipinitialspace=True)
    missing = [field for field in FIELDS if field not in (reader.fieldnames or [])]
    if missing:
        problems.append(f"line 1: the header has no column {', '.join(missing)}; write `{','.join(FIELDS)}`")
        return
    for row in reader:
        if None in row:
            problems.append(f"line {reader.line_num}: more fields than columns; put a value with a comma in quotes")
            continue
        yield reader.line_num, {**row, **{field: _links(row.get(field)) for field in ("references", GIVEN)}}


def _links(cell: str | None) -> list[str]:
    return [link for link in re.split(r"[\s|]+", cell or "") if link]


def _mistakes(row: dict[str, Any], lines: dict[str, int]) -> Iterator[str]:
    for field in FIELDS[:3]:
        value = row.get(field)
        if field == "id" and isinstance(value, int) and not isinstance(value, bool):
            continue
        if value is None:
            yield f"{field} is missing"
        elif not isinstance(value, str):
            yield f"{field} is {json.dumps(value, ensure_ascii=False)}; it must be a text"
        elif not value.strip():
            yield f"{field} is empty"
    if str(row.get("id")) in lines:
        yield f"id {row['id']!r} stands already on line {lines[str(row['id'])]}; give each pair its own id"
    yield from _reference_mistakes(row.get("references"))
    if row.get(GIVEN) is not None:
        yield from _link_mistakes(GIVEN, row[GIVEN])
    for label in LABELS:
        if row.get(label) is not None and not isinstance(row[label], str):
            yield f"{label} is {json.dumps(row[label], ensure_ascii=False)}; it must be a text, or be left out"


def _reference_mistakes(links: Any) -> Iterator[str]:
    if links is None:
        yield "references is missing"
    elif links == []:
        yield "references is empty; name the link of at least one document that the answer rests on"
    else:
        yield from _link_mistakes("references", links)


def _link_mistakes(field: str, links: Any) -> Iterator[str]:
    if not isinstance(links, list) or not all(isinstance(link, str) for link in links):
        yield f"{field} must be a list of links"
    else:
        wrong = [link for link in links if "://" not in link]
        yield from (f"{field[:-1]} {link!r} is no link; write it whole, as in https://…" for link in wrong)


def _trimmed(value: Any) -> Any:
    return [link.strip() for link in value] if isinstance(value, list) else str(value).strip()
