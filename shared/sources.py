"""Where a document comes from: its source record, resolved from what is known in a fixed order.

Field by field: front matter, then the object's metadata, then the corpus's ``sources.csv``; else the object's own URI,
and the document's title or file name.
"""

from __future__ import annotations

import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath
from urllib.parse import quote, unquote

from schemas.artifacts import Document, SourceRecord
from schemas.state import ObjectRecord
from shared.errors import BadCorpus
from shared.inbox import relative_path
from shared.text.front_matter import split_front_matter

REQUIRED = ("path", "url", "title")
OPTIONAL = ("licence",)
FRONT_MATTER_BYTES = 65_536
"""Front matter is looked for in so many bytes from the start."""


def resolve(record: ObjectRecord, document: Document, table: Mapping[str, SourceRecord]) -> SourceRecord:
    """The source of an ingested object. ``table`` is the corpus's ``sources.csv``, as parse_sources_csv gives it."""
    listed = table.get(_normal(relative_path(record.corpus, record.key)))
    in_table = {} if listed is None else listed.model_dump(exclude_none=True)
    known = [document.source, from_metadata(record.metadata), in_table]
    found = {name: value for values in reversed(known) for name, value in values.items() if value}
    return SourceRecord(
        url=found.get("url") or object_uri(record.bucket, record.key),
        title=found.get("title") or document.title or _normal(PurePosixPath(record.key).name),
        licence=found.get("licence"),
    )


def front_matter_url(body: bytes) -> str | None:
    """The URL that a document's own front matter gives; None without one, as in any binary format."""
    text = body[:FRONT_MATTER_BYTES].decode("utf-8-sig", errors="replace")
    values, _ = split_front_matter(text.replace("\r\n", "\n"))
    return values.get("url")


def object_uri(bucket: str, key: str) -> str:
    """``s3://bucket/key`` with the key percent-encoded, so that it may stand in a Markdown link."""
    return f"s3://{bucket}/{quote(key, safe='/-._~')}"


def from_metadata(metadata: Mapping[str, str]) -> dict[str, str]:
    """url, title and licence from an object's metadata, whose values are percent-encoded (S3 takes only ASCII).

    A URL that already reads as one is taken as it is: its percent signs are its own.
    """
    values = {name: metadata[name] for name in ("url", "title", "licence") if metadata.get(name)}
    return {name: value if name == "url" and "://" in value else unquote(value) for name, value in values.items()}


def to_metadata(source: Mapping[str, str]) -> dict[str, str]:
    """url, title and licence as object metadata, as ``from_metadata`` reads them."""
    values = {name: source[name] for name in ("url", "title", "licence") if source.get(name)}
    return {name: quote(value, safe=":/?#&=%+@,;~" if name == "url" else "") for name, value in values.items()}


def parse_sources_csv(body: bytes) -> dict[str, SourceRecord]:
    """Source records by path within the corpus. Raises BadCorpus listing every mistake with its line.

    The header ``path,url,title`` (and ``licence``) is required, in any order; UTF-8, or CP949 as Excel saves Korean. An
    empty url or title leaves that field to be resolved otherwise.
    """
    reader = csv.DictReader(io.StringIO(_decoded(body)), skipinitialspace=True)
    missing = [name for name in REQUIRED if name not in (reader.fieldnames or [])]
    if missing:
        raise BadCorpus(
            f"sources.csv line 1: the header has no column {', '.join(missing)}; write `path,url,title` (and `licence`)"
        )
    problems: list[str] = []
    table: dict[str, SourceRecord] = {}
    for path, record in _records(reader, problems):
        table[path] = record
    if problems:
        raise BadCorpus(problems)
    return table


def _records(reader: csv.DictReader[str], problems: list[str]) -> Iterator[tuple[str, SourceRecord]]:
    seen: dict[str, int] = {}
    for row in reader:
        values = {name: (row.get(name) or "").strip() for name in (*REQUIRED, *OPTIONAL)}
        path = _normal(values["path"].removeprefix("./"))
        problem = _problem(path, row, values, seen)
        if problem:
            problems.append(f"sources.csv line {reader.line_num}: {problem}")
        else:
            seen[path] = reader.line_num
            yield path, SourceRecord(url=values["url"], title=values["title"], licence=values["licence"] or None)


def _problem(
    path: str, row: Mapping[str | None, object], values: Mapping[str, str], seen: Mapping[str, int]
) -> str | None:
    if None in row:
        return "more fields than the header has columns; put a value with a comma in double quotes"
    if not path:
        return "path is empty; write the file's path from the corpus's root"
    if path in seen:
        return f"{path} is listed already on line {seen[path]}; remove one of the two"
    if values["url"] and "://" not in values["url"]:
        return f"url {values['url']!r} of {path} has no scheme; write it whole, as in https://…"
    return None


def _normal(path: str) -> str:
    """NFC: macOS hands out file names with Hangul taken apart."""
    return unicodedata.normalize("NFC", path)


def _decoded(body: bytes) -> str:
    for encoding in ("utf-8-sig", "cp949"):
        try:
            return body.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadCorpus("sources.csv is neither UTF-8 nor CP949; save it as UTF-8")
