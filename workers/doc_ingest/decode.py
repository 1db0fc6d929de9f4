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
_CANDIDATES = ["cp949", "cp1252", "latin_1", "iso8859_15", "utf_16_le", "utf_16_be"]
_SAMPLE_BYTES = 200_000


def decode(body: bytes, declared: str | None = None) -> str:
    """The text. In order: byte-order mark, the declared encoding, UTF-8, Korean, the best guess.

    Never fails: what no encoding explains becomes U+FFFD. A declared name that is unknown or wrong is passed over.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body.decode(encoding, errors="replace")
    for encoding in [*([declared] if declared else []), "utf-8"]:
        if (text := _strict(body, encoding)) is not None:
            return text
    return _korean(body) or _guess(body)


def is_text(body: bytes) -> bool:
    """Whether the bytes look like text: no NUL, except in UTF-16 or UTF-32 with a byte-order mark."""
    return any(body.startswith(mark) for mark, _ in _MARKS) or b"\0" not in body[:_SAMPLE_BYTES]


def _strict(body: bytes, encoding: str) -> str | None:
    try:
        return body.decode(encoding)
    except (UnicodeDecodeError, LookupError):
        return None


def _korean(body: bytes) -> str | None:
    """CP949 text, when most of what is not ASCII comes out as Hangul: Western text read so gives rare syllables mixed
    with Hanja, and short Korean text is what statistical guessers get wrong."""
    text = _strict(body, "cp949")
    if text is None:
        return None
    foreign = [c for c in text if ord(c) > 127]
    return text if sum(map(is_hangul, foreign)) >= 0.6 * len(foreign) and _paired(text) else None


def _paired(text: str) -> bool:
    """Whether Hangul comes in runs, as Korean does; an accented Western letter gives lone syllables inside words."""
    hangul = [i for i, c in enumerate(text) if is_hangul(c)]
    neighbours = sum(1 for a, b in pairwise(hangul) if b == a + 1)
    return neighbours * 2 >= len(hangul)


def _guess(body: bytes) -> str:
    best = from_bytes(body[:_SAMPLE_BYTES], cp_isolation=_CANDIDATES).best()
    return body.decode(best.encoding if best else "cp1252", errors="replace")
