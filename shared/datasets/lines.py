"""JSON Lines read one line at a time: each line is a row, or says why it is none."""

from __future__ import annotations

import codecs
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Any

from shared.datasets.problem import Problem, excerpt

MAX_LINE_BYTES = 64 * 1024**2
"""No model takes a record of this size; a file without line ends must not fill the memory."""

_SURROGATE = re.compile(rb"\\u[dD][89a-fA-F]")
"""Half of a pair, escaped: the only way to write one alone."""

FOREIGN = (
    (b"\x1f\x8b", "is compressed (gzip)", "unpack it"),
    (b"PK\x03\x04", "is a ZIP archive or an Excel file", "unpack it, or save the sheet as JSON Lines"),
    (codecs.BOM_UTF16_LE, "is UTF-16 text", "save it as UTF-8"),
    (codecs.BOM_UTF16_BE, "is UTF-16 text", "save it as UTF-8"),
)
"""First bytes of what is no JSON Lines file whatever follows."""


@dataclass(frozen=True)
class Line:
    """A line that is not blank. ``row`` is None when it is no JSON object; ``size`` is in bytes, its end included."""

    number: int
    size: int
    row: dict[str, Any] | None
    problems: tuple[Problem, ...] = ()
    hopeless: bool = False
    """Whether the rest of the file would say the same again."""


def read_lines(file: IO[bytes]) -> Iterator[Line]:
    """Every line with something in it, and a blank one as a line without a row. ``file`` stands at its start."""
    decoder, number, rest = _Decoder(), 0, False
    while raw := file.readline(MAX_LINE_BYTES):
        if rest:  # of a line that was too long
            rest = not raw.endswith(b"\n")
            continue
        number += 1
        rest = len(raw) == MAX_LINE_BYTES and not raw.endswith(b"\n")
        line = _too_long(number, raw) if rest else _read(number, raw, decoder)
        yield line
        if line.hopeless:
            return


def _read(number: int, raw: bytes, decoder: _Decoder) -> Line:
    if number == 1 and (foreign := _foreign(raw)):
        return foreign
    bom = raw.startswith(codecs.BOM_UTF8)
    problems = [_bom(number)] if bom else []
    body = raw[len(codecs.BOM_UTF8) :] if bom else raw
    if not body.strip():
        problems.append(_problem(number, "blank_line", "is blank; every line must hold one record: take it out"))
        return Line(number, len(raw), None, tuple(problems))
    if number == 1 and body.strip() in (b"[", b"{"):
        return Line(number, len(raw), None, (_pretty(number, body),), hopeless=True)
    row, found = _parse(number, body.rstrip(b"\r\n"), decoder)
    return Line(number, len(raw), row, (*problems, *found))


def _parse(number: int, body: bytes, decoder: _Decoder) -> tuple[dict[str, Any] | None, list[Problem]]:
    try:
        text = body.decode()
    except UnicodeDecodeError as error:
        place = f"byte {error.start + 1} of the line is {body[error.start]:#04x}"
        return None, [_problem(number, "utf8", f"is not UTF-8 text ({place}); save the file as UTF-8")]
    decoder.doubled.clear()
    try:
        row = decoder.decode(text)
    except json.JSONDecodeError as error:
        place = f"at character {error.pos + 1}, near {excerpt(text, error.pos, error.pos)}"
        reason = f"is no JSON: {error.msg.removesuffix(' at')} {place}; write one JSON object a line"
        return None, [_problem(number, "json", reason)]
    except (ValueError, RecursionError) as error:
        return None, [_problem(number, "json", f"is no JSON that Bedrock reads ({error}); take this out of the row")]
    problems = [_doubled(number, key) for key in decoder.doubled]
    if _SURROGATE.search(body) and not _encodable(row):
        half = "holds half of a surrogate pair (such as \\ud83d alone), which no UTF-8 text can hold; take it out"
        return None, [*problems, _problem(number, "utf8", half)]
    if isinstance(row, dict):
        return row, problems
    kind = "a list" if isinstance(row, list) else "a single value"
    fix = "write each of its objects on a line of its own" if isinstance(row, list) else "write {…}"
    return None, [*problems, _problem(number, "not_object", f"is {kind}, not a JSON object; {fix}")]


class _Decoder(json.JSONDecoder):
    """Remembers keys that stand twice in an object, and takes no NaN or Infinity, which JSON has not."""

    def __init__(self) -> None:
        self.doubled: list[str] = []
        super().__init__(object_pairs_hook=self._object, parse_constant=_refuse)

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) < len(pairs):
            keys = [key for key, _ in pairs]
            self.doubled += sorted({key for key in keys if keys.count(key) > 1})
        return found


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON value")


def _encodable(row: object) -> bool:
    try:
        json.dumps(row, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return False
    return True


def _foreign(raw: bytes) -> Line | None:
    for magic, what, fix in FOREIGN:
        if raw.startswith(magic):
            return Line(1, len(raw), None, (_problem(1, "not_text", f"the file {what}; {fix}"),), hopeless=True)
    if b"\0" in raw:
        message = "the file is no text (it holds a zero byte); name a .jsonl file"
        return Line(1, len(raw), None, (_problem(1, "not_text", message),), hopeless=True)
    return None


def _bom(number: int) -> Problem:
    message = "begins with a byte order mark, which no JSON parser expects; save the file as UTF-8 without BOM"
    return _problem(number, "bom", message)


def _pretty(number: int, body: bytes) -> Problem:
    what, every = "begins a JSON document that goes over several lines", "'.[]'" if b"[" in body else "."
    return _problem(number, "pretty_json", f"{what}; write one object a line, as `jq -c {every} FILE` does")


def _doubled(number: int, key: str) -> Problem:
    return _problem(number, "duplicate_key", f"has the key {key!r} twice in one object, so that one is lost; keep one")


def _too_long(number: int, raw: bytes) -> Line:
    message = f"has more than {MAX_LINE_BYTES // 1024**2} MiB; end every record with a line feed"
    return Line(number, len(raw), None, (_problem(number, "line_too_long", message),))


def _problem(number: int, code: str, message: str) -> Problem:
    return Problem(number, code, "", message)
