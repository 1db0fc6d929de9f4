"""An answer taken apart into claims, and what of a claim must stand in a document as it is."""

from __future__ import annotations

import re
from dataclasses import dataclass

from localcloud.engines.extractive.terms import content_terms
from shared.text.links import strip_links
from shared.text.sentences import sentences

_MARKER = re.compile(r"^\s*(?:\d{1,2}[.)]|[-*•])\s+")
_CODE_FENCE = re.compile(r"^\s*(?:```|~~~)")
_NUMBER = re.compile(
    r"(?P<number>[-−]?\d+(?:[.,:/]\d+)*)\s?(?P<unit>%|°|[A-Za-zµ]+(?:/[a-z]+)?|[가-힣]{1,2})?"
)  # fmt: skip
_CODE = re.compile(
    r"`([^`\n]+)`|(?<![A-Za-z0-9_.-])(?=[A-Za-z0-9_.-]*\d)(?=[A-Za-z0-9_.-]*[A-Za-z])[A-Za-z0-9_.-]*[A-Za-z0-9]|\b[A-Z]{2,}(?:[-_][A-Z0-9]+)+\b"
)
_UNITS = {
    "s": "second", "sec": "second", "second": "second", "min": "minute", "minute": "minute", "h": "hour", "hr": "hour",
    "hour": "hour", "day": "day", "week": "week", "month": "month", "year": "year", "ms": "ms", "kb": "kb", "mb": "mb",
    "gb": "gb", "tb": "tb", "kbps": "kbps", "mbps": "mbps", "gbps": "gbps", "kbit/s": "kbps", "mbit/s": "mbps",
    "gbit/s": "gbps", "krw": "krw", "usd": "usd", "%": "%", "percent": "%", "byte": "byte", "metre": "metre",
    "meter": "metre", "km": "km", "m": "m", "hz": "hz", "khz": "khz", "mhz": "mhz", "ghz": "ghz", "db": "db",
    "dbm": "dbm", "원": "원", "초": "초", "분": "분", "시간": "시간", "일": "일", "주": "주", "개월": "개월",
    "년": "년", "회": "회", "건": "건", "개": "개", "대": "대", "명": "명", "배": "배", "자리": "자리", "회선": "회선",
}  # fmt: skip
_AFTER_UNIT = re.compile(r"(?<=\d [A-Za-z][.])\s+(?=[A-Z])")
"""An end of a sentence that looks like an initial: "5 m. The network …"."""
_ENDING = re.compile(
    r"(?:입니다|이고|이며|(?:(?<=[가-힣]{2})|(?<=[^가-힣\s]))(?:인|으로|에서는|에서|에는|은|는|이|가|을|를|의|와|과|로|에|도))"
    r"(?=[\s,.:?)’`]|$)"
)
_NEGATION = re.compile(
    r"\b(?:not|no|never|cannot|without)\b|n't\b"
    r"|않|없|못하|못 |아니|아닌|아닙|불가|금지|(?:^|\s)안 ",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Facts:
    """What words say that must not be changed: numbers, numbers with known units, codes, and how often they deny."""

    terms: frozenset[str]
    numbers: frozenset[str]
    amounts: frozenset[tuple[str, str]]
    codes: frozenset[str]
    denials: int

    def with_(self, other: Facts) -> Facts:
        """The facts of both."""
        return Facts(
            self.terms | other.terms, self.numbers | other.numbers, self.amounts | other.amounts,
            self.codes | other.codes, self.denials + other.denials,
        )  # fmt: skip


def split_claims(answer: str) -> list[str]:
    """The sentences and steps of an answer, without list marks, links and code fences."""
    lines = [line for line in strip_links(answer).split("\n") if not _CODE_FENCE.match(line)]
    found = [sentence for line in lines for sentence in sentences(_MARKER.sub("", line))]
    return [claim for sentence in found for claim in _AFTER_UNIT.split(sentence) if content_terms(claim)]


def bare_terms(text: str) -> frozenset[str]:
    """Terms that carry meaning, Korean words without the particles and endings that sentences give them."""
    return content_terms(_ENDING.sub("", text))


def read_facts(text: str) -> Facts:
    """The facts of a text. A unit that is not known says nothing."""
    found = [(_plain(match["number"]), _unit(match["unit"] or "")) for match in _NUMBER.finditer(text)]
    return Facts(
        terms=bare_terms(text),
        numbers=frozenset(number for number, _ in found),
        amounts=frozenset((number, unit) for number, unit in found if unit),
        codes=frozenset((match[1] or match[0]).strip().lower() for match in _CODE.finditer(text)),
        denials=len(_NEGATION.findall(text)),
    )


def _plain(number: str) -> str:
    return re.sub(r",(?=\d{3})", "", number).replace("−", "-").strip("-")


def _unit(word: str) -> str:
    lower = word.lower()
    for form in (lower, lower.removesuffix("s"), lower[:1] if "가" <= lower[:1] <= "힣" else ""):
        if form in _UNITS:
            return _UNITS[form]
    return ""
