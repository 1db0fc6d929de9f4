"""Bytes to text in whatever encoding people saved it: Unicode, Korean or Western."""

from __future__ import annotations

import codecs
from itertools import pairwise

from charset_normalizer import from_bytes

from shared.text.language import is_hangul

_MARKS = [
    (codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF32_LE, "utf-32"), (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"),
]  # fmt: skip
_WIDE = [("utf_32_le", 4), ("utf_32_be", 4), ("utf_16_le", 2), ("utf_16_be", 2)]
_KOREAN = ["cp949", "johab"]
_WESTERN = ["cp1252", "iso8859_15", "mac_roman", "cp850"]
_SUPERSETS = {"euc_kr": "cp949", "iso8859-1": "cp1252", "gb2312": "gb18030", "shift_jis": "cp932"}
"""Encodings that are read as the one that contains them, as browsers do (encoding.spec.whatwg.org, 4.2)."""

_ISO_2022_KR = b"\x1b$)C"
_SAMPLE_BYTES = 200_000
_MAX_BROKEN = 0.02
"""Share of the characters beyond ASCII that may be broken in a text that is still taken for what it looks like."""
_MAX_CONTROL = 0.02
"""Share of control characters from which on bytes are no text; a few are always forgiven."""
_FORGIVEN = 3
_CONTROLS = bytes([*range(1, 8), *range(0x10, 0x1B), *range(0x1C, 0x20), 0x7F])
"""Without the line ends, tabs and shifts between character sets (ISO 2022) that texts have."""

_COMMON = frozenset(bytes([row, cell]).decode("euc_kr") for row in range(0xB0, 0xC9) for cell in range(0xA1, 0xFF))
"""The 2,350 syllables of KS X 1001, which nearly all Korean text is made of; all Hangul has 11,172."""


def decode(body: bytes, declared: str | None = None) -> str:
    """The text. In order: byte-order mark, a Korean encoding that was declared and fits, UTF-8, the declared encoding,
    UTF-16 and UTF-32 without a mark, Korean, the best guess among Western ones.

    Never fails: what no encoding explains becomes U+FFFD. A declared name that is unknown or wrong is passed over.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, errors="replace")
    named = _superset(declared)
    if named == "cp949" and (text := _as_korean(body, named)) is not None:
        return text
    for encoding in (*(["iso2022_kr"] if _ISO_2022_KR in body[:4096] else []), "utf-8", *([named] if named else [])):
        if (text := _strict(body, encoding)) is not None:
            return text
    return _wide(body) or _lenient(body, "utf-8") or _korean(body) or _guess(body)


def decode_name(raw: bytes) -> str:
    """A file's name out of an archive that does not say in which encoding: UTF-8, Korean, or that of DOS."""
    for encoding in ("utf-8", "cp949"):
        text = _strict(raw, encoding)
        if text is not None and (encoding == "utf-8" or _is_common(text)):
            return text
    return raw.decode("cp437")


def is_text(body: bytes) -> bool:
    """Whether the bytes look like text: next to no control characters, no NUL but in UTF-16 or UTF-32."""
    sample = body[:_SAMPLE_BYTES]
    if any(body.startswith(mark) for mark, _ in _MARKS):
        return True
    if b"\0" in sample:
        return _wide(sample) is not None
    return len(sample) - len(sample.translate(None, _CONTROLS)) <= max(_FORGIVEN, _MAX_CONTROL * len(sample))


def _superset(name: str | None) -> str | None:
    try:
        known = codecs.lookup(name).name if name else None
    except (LookupError, ValueError):
        return None
    return _SUPERSETS.get(known, known) if known else None


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeError, LookupError):
        return None


def _lenient(body: bytes, encoding: str) -> str | None:
    """The text with its broken characters as U+FFFD, when they are few: a cut at the end, a stray byte."""
    text = body.decode(encoding, errors="replace")
    foreign = len(text) - len(text.encode("ascii", errors="ignore"))
    return text if text.count("\ufffd") <= max(1, _MAX_BROKEN * foreign) < foreign else None


def _wide(body: bytes) -> str | None:
    """UTF-16 or UTF-32 without a mark: the reading in which most is ASCII or Hangul. A wrong one gives ideographs."""
    if b"\0" not in body[:_SAMPLE_BYTES]:
        return None
    for encoding, width in _WIDE:
        text = _strict(body[: len(body) - len(body) % width], encoding)
        if text and "\0" not in text:
            sample = text[:_SAMPLE_BYTES]
            plain = sum(1 for char in sample if char < "\u0250" or is_hangul(char) or "\u2010" <= char <= "\u203b")
            if plain >= 0.7 * len(sample):
                return text
    return None


def _korean(body: bytes) -> str | None:
    """The Korean reading whose syllables are the commoner ones: CP949, or Johab of old word processors."""
    readings = [text for encoding in _KOREAN if (text := _as_korean(body, encoding)) is not None]
    return max(readings, key=lambda text: _common_share(text[:_SAMPLE_BYTES]), default=None)


def _as_korean(body: bytes, encoding: str) -> str | None:
    """The text, when most of what is not ASCII comes out as common Hangul in runs: Western text read so gives rare
    syllables mixed with Hanja, and short Korean text is what statistical guessers get wrong."""
    text = _strict(body, encoding) or _lenient(body, encoding)
    if text is None:
        return None
    sample = text[:_SAMPLE_BYTES]
    foreign = [char for char in sample if char > "\x7f"]
    hangul = sum(map(is_hangul, foreign))
    fits = foreign and hangul >= 0.6 * len(foreign) and _common_share(sample) >= 0.5 and _paired(sample)
    return text if fits else None


def _common_share(text: str) -> float:
    hangul = [char for char in text if is_hangul(char)]
    return sum(char in _COMMON for char in hangul) / len(hangul) if hangul else 0.0


def _is_common(text: str) -> bool:
    foreign = [char for char in text if char > "\x7f"]
    return sum(char in _COMMON for char in foreign) >= 0.6 * len(foreign)


def _paired(text: str) -> bool:
    """Whether Hangul comes in runs, as Korean does; an accented Western letter gives lone syllables inside words."""
    hangul = [i for i, c in enumerate(text) if is_hangul(c)]
    neighbours = sum(1 for a, b in pairwise(hangul) if b == a + 1)
    return neighbours * 2 >= len(hangul)


def _guess(body: bytes) -> str:
    best = from_bytes(body[:_SAMPLE_BYTES], cp_isolation=_WESTERN).best()
    return body.decode(best.encoding if best else "cp1252", errors="replace")
