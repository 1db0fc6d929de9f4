"""Numbers as a spreadsheet shows them (ECMA-376 part 1, 18.8.31): 45,000원, 12.5%, 2026-03-01.

Dates in the reader's own format (codes 14 and 22) are shown as ISO dates: no file says whose format that is.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import lru_cache

_BUILT_IN = {
    0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 11: "0.00E+00", 12: "General",
    13: "General", 14: "yyyy-mm-dd", 15: "d-mmm-yy", 16: "d-mmm", 17: "mmm-yy", 18: "h:mm AM/PM", 19: "h:mm:ss AM/PM",
    20: "h:mm", 21: "h:mm:ss", 22: "yyyy-mm-dd h:mm", 37: "#,##0;-#,##0", 38: "#,##0;-#,##0", 39: "#,##0.00;-#,##0.00",
    40: "#,##0.00;-#,##0.00", 41: "#,##0", 42: "#,##0", 43: "#,##0.00", 44: "#,##0.00", 45: "mm:ss", 46: "[h]:mm:ss",
    47: "mm:ss.0", 48: "0.0E+0", 49: "@",
}  # fmt: skip
_EAST_ASIAN_DATES = {*range(27, 32), 36, *range(50, 55), 57, 58}
"""Codes that stand for dates in East Asian editions (18.8.30)."""

_SECTION = re.compile(r'((?:"[^"]*"|\\.|\[[^\]]*\]|[^;"\\\[])*)(?:;|$)')
_TOKEN = re.compile(
    r'"(?P<quoted>[^"]*)"|\\(?P<escaped>.)|\[(?P<bracket>[^\]]*)\]|_.|\*.'
    r"|(?P<half>AM/PM|A/P|오전/오후)|(?P<date>y+|m+|d+|h+|s+(?:\.0+)?)|(?P<number>[0#?][0#?,.]*(?:[Ee][+-]?[0#?]+)?|\.[0#?]+)"
    r"|(?P<other>.)",
    re.IGNORECASE | re.DOTALL,
)
_FRACTION = re.compile(r"[?#0]\s*/\s*[?#0-9]")
"""Fractions are shown as decimals."""

_CURRENCY = re.compile(r"\$([^-\]]*)")
_EPOCH = datetime(1899, 12, 30)
_EPOCH_1904 = datetime(1904, 1, 1)
_MONTHS = [
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November",
    "December",
]  # fmt: skip
_DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
_MAX_DECIMALS = 15
_MAX_CODE_CHARS = 255

Token = tuple[str, str]
"""(kind, text): kinds are literal, half, elapsed, date, number."""


def format_code(identity: int, own: dict[int, str]) -> str:
    """The code of a number format by its id, the workbook's own before the built-in ones."""
    if identity in own:
        return own[identity][:_MAX_CODE_CHARS]
    return "yyyy-mm-dd" if identity in _EAST_ASIAN_DATES else _BUILT_IN.get(identity, "General")


def shown(number: float, code: str, since_1904: bool = False) -> str:
    """A number in a format, without the padding that only aligns columns."""
    tokens, sign = _section(code, number)
    if any(kind in ("date", "elapsed") for kind, _ in tokens):
        return _as_date(number, tokens, since_1904)
    if not any(kind == "number" for kind, _ in tokens):
        literal = "".join(text for _, text in tokens)
        return literal if literal.strip() and code.strip().lower() not in ("general", "@") else _general(number)
    return _as_number(abs(number) if sign else number, tokens).strip()


def _general(number: float) -> str:
    if number == int(number) and abs(number) < 1e15:
        return str(int(number))
    return f"{number:.11g}"


@lru_cache(maxsize=512)
def _sections(code: str) -> list[list[Token]]:
    """The format's sections: positive or all, negative, zero."""
    parts = [match.group(1) for match in _SECTION.finditer(code)][: code.count(";") + 1]
    return [[] if _FRACTION.search(part) else _tokens(part) for part in parts or [code]]


def _section(code: str, number: float) -> tuple[list[Token], bool]:
    """The section for a number, and whether it writes the minus itself."""
    sections = _sections(code)
    if number < 0 and len(sections) > 1:
        return sections[1], True
    if number == 0 and len(sections) > 2:
        return sections[2], False
    return sections[0], False


def _tokens(part: str) -> list[Token]:
    if part.strip().lower() == "general":
        return []
    found: list[Token] = []
    for match in _TOKEN.finditer(part):
        kind, text = match.lastgroup, match.group()
        if kind == "bracket":
            inside = match["bracket"]
            currency = _CURRENCY.match(inside)
            if currency:
                found.append(("literal", currency[1]))
            elif inside and set(inside.lower()) <= set("hms"):
                found.append(("elapsed", inside.lower()))
        elif kind in ("quoted", "escaped", "other"):
            found.append(("literal", match[kind]))
        elif kind is not None:
            found.append((kind, text if kind == "number" else text.lower()))
    return found


def _as_number(number: float, tokens: list[Token]) -> str:
    percent = sum(text.count("%") for kind, text in tokens if kind == "literal")
    main = next(index for index, (kind, _) in enumerate(tokens) if kind == "number")
    digits = _digits(number * 100**percent, tokens[main][1])
    words = ["" if kind == "number" else text for kind, text in tokens]
    words[main] = digits
    if digits.startswith("-"):  # before a currency, too
        words[main] = digits[1:]
        return "-" + "".join(words).strip()
    return "".join(words)


def _digits(number: float, pattern: str) -> str:
    mantissa, exponent = re.match(r"([^Ee]*)([Ee].*)?", pattern).groups()  # type: ignore[union-attr]
    whole, _, fraction = mantissa.partition(".")
    least = min(fraction.count("0"), _MAX_DECIMALS)
    most = min(sum(fraction.count(sign) for sign in "0#?"), _MAX_DECIMALS)
    if exponent:
        return f"{number:.{most}E}"
    scaled = number / 1000 ** (len(whole) - len(whole.rstrip(",")))
    text = f"{scaled:,.{most}f}" if "," in whole.rstrip(",") else f"{scaled:.{most}f}"
    integer, _, decimals = text.partition(".")
    decimals = decimals[:least] + decimals[least:].rstrip("0")
    integer = _padded(integer, whole.count("0"))
    return f"{integer}.{decimals}" if decimals else integer


def _padded(integer: str, width: int) -> str:
    if "," in integer:
        return integer
    return "-" + integer[1:].zfill(width) if integer.startswith("-") else integer.zfill(width)


def _as_date(number: float, tokens: list[Token], since_1904: bool) -> str:
    try:
        moment = (_EPOCH_1904 if since_1904 else _EPOCH) + timedelta(seconds=round(number * 86_400, 3))
    except OverflowError:
        return _general(number)
    if not since_1904 and number < 60:  # spreadsheets believe in 29 February 1900
        moment += timedelta(days=1)
    half = any(kind == "half" for kind, _ in tokens)
    return "".join(_date_part(tokens, index, moment, number, half) for index in range(len(tokens))).strip()


def _date_part(tokens: list[Token], index: int, moment: datetime, number: float, half: bool) -> str:
    kind, text = tokens[index]
    if kind == "half":
        names = ("오전", "오후") if text == "오전/오후" else ("AM", "PM")
        return names[moment.hour >= 12]
    if kind == "elapsed":
        units = {"h": 24, "m": 1440, "s": 86_400}[text[0]]
        return str(int(round(number * units, 6))).zfill(len(text))
    if kind != "date":
        return text if kind == "literal" else ""
    if text[0] == "m" and _are_minutes(tokens, index):
        return str(moment.minute).zfill(min(len(text), 2))
    return _calendar(text, moment, half)


def _calendar(text: str, moment: datetime, half: bool) -> str:
    width = min(len(text), 2)
    match text[0]:
        case "y":
            return f"{moment.year:04d}" if len(text) > 2 else f"{moment.year % 100:02d}"
        case "m":
            name = _MONTHS[moment.month - 1]
            return name if len(text) == 4 else name[:3] if len(text) == 3 else str(moment.month).zfill(width)
        case "d":
            name = _DAYS[moment.weekday()]
            return name if len(text) >= 4 else name[:3] if len(text) == 3 else str(moment.day).zfill(width)
        case "h":
            return str((moment.hour + 11) % 12 + 1 if half else moment.hour).zfill(width)
    seconds, _, fraction = text.partition(".")
    tail = f".{moment.microsecond:06d}"[: 1 + len(fraction)] if fraction else ""
    return str(moment.second).zfill(min(len(seconds), 2)) + tail


def _are_minutes(tokens: list[Token], index: int) -> bool:
    """``m`` after hours or before seconds is minutes, else months."""
    before = next((text for kind, text in reversed(tokens[:index]) if kind in ("date", "elapsed")), "")
    after = next((text for kind, text in tokens[index + 1 :] if kind in ("date", "elapsed")), "")
    return before.startswith("h") or after.startswith("s")
