"""Numbers as lists show them: 3, iii, C, 다, ③."""

from __future__ import annotations

from collections.abc import Callable, Mapping

_ROMAN = [
    (1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"),
    (9, "ix"), (5, "v"), (4, "iv"), (1, "i"),
]  # fmt: skip
_SYLLABLES = "가나다라마바사아자차카타파하"
_CONSONANTS = "ㄱㄴㄷㄹㅁㅂㅅㅇㅈㅊㅋㅌㅍㅎ"
_IDEOGRAPHS = "一二三四五六七八九十"
_KOREAN_DIGITS = "일이삼사오육칠팔구십"


def _roman(number: int) -> str:
    if not 0 < number < 4000:
        return str(number)
    text = ""
    for worth, letters in _ROMAN:
        text += letters * (number // worth)
        number %= worth
    return text


def _letter(number: int) -> str:
    """a to z, then aa, bb, as Word counts on."""
    if number < 1:
        return str(number)
    repeats, index = divmod(number - 1, 26)
    return chr(ord("a") + index) * min(repeats + 1, 10)


def _of(series: str) -> Callable[[int], str]:
    return lambda number: series[number - 1] if 0 < number <= len(series) else str(number)


def _from(first: str, count: int) -> Callable[[int], str]:
    return lambda number: chr(ord(first) + number - 1) if 0 < number <= count else str(number)


ORDINALS: Mapping[str, Callable[[int], str]] = {
    "decimal": str,
    "decimalZero": lambda number: f"{number:02d}",
    "lowerRoman": _roman,
    "upperRoman": lambda number: _roman(number).upper(),
    "lowerLetter": _letter,
    "upperLetter": lambda number: _letter(number).upper(),
    "ganada": _of(_SYLLABLES),
    "chosung": _of(_CONSONANTS),
    "decimalEnclosedCircle": _from("①", 20),
    "circledLower": _from("ⓐ", 26),
    "circledUpper": _from("Ⓐ", 26),
    "circledGanada": _from("㉮", 14),
    "circledChosung": _from("㉠", 14),
    "decimalEnclosedParen": _from("⑴", 20),
    "ideographDigital": _of(_IDEOGRAPHS),
    "japaneseCounting": _of(_IDEOGRAPHS),
    "koreanDigital": _of(_KOREAN_DIGITS),
    "koreanCounting": _of(_KOREAN_DIGITS),
}
"""Number format, as WordprocessingML names it (ECMA-376 part 1, 17.18.59) -> how a number is written in it."""


def ordinal(number: int, style: str) -> str:
    """A number in a format; in digits where the format is unknown or does not reach so far."""
    return ORDINALS.get(style, str)(number)
