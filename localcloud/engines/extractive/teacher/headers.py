"""What the headers of a table say: which columns explain, advise, name variants, or can be asked for at all."""

from __future__ import annotations

import re

MEANING = re.compile(r"meaning|description|means|의미|설명|뜻|내용", re.IGNORECASE)
CAUSE = re.compile(r"cause|reason|원인|사유", re.IGNORECASE)
REMEDY = re.compile(r"action|remedy|resolution|\bfix|solution|what to do|조치|해결|대응|처리|할 일", re.IGNORECASE)
ATTRIBUTE = re.compile(
    r"\b(?:default|values?|types?|required|units?|range|format|examples?|notes?|purpose|since|links?|status"
    r"|module|scope|details?|remarks?|conditions?)\b"
    r"|기본값|값|형식|단위|예시|비고|필수|범위|타입|유형|설명|의미|링크",
    re.IGNORECASE,
)
"""Headers that say something of what the row names, whatever the first header is."""
VARIANTS = re.compile(
    r"^(?:limit|item|parameter|property|setting|feature|attribute|quota|rule|항목|구분|한도|기능"
    r"|속성)s?$|^$",
    re.IGNORECASE,
)
"""First headers under which the other headers are variants ("Standard", "Premium") of what the row names."""
_FAMILY = re.compile(r"^(?:zone|tier|level|band|class|group|region) \w{1,2}$|^[A-Z]지역", re.IGNORECASE)
_NO_NOUN = re.compile(
    r"\b(?:by|when|for|to|with|of|in|at|from|if)$"
    r"|^(?:allows?|applies|needs?|works?|why|how|when|what|where|who)\b|^(?:sent|set)\b|^\w+ed$|^비고|(?:후|전|때)$"
    r"|^(?:remarks?|notes?|comments?|day)$",
    re.IGNORECASE,
)
_INCOMPARABLE = re.compile(r"^(?:names?|examples?|syntax|links?|이름|명칭|예시?|링크)$|\bURL\b", re.IGNORECASE)
_NO_KIND = re.compile(r"^(?:names?|ids?|items?|이름|명칭|항목)$", re.IGNORECASE)
_MOST_HEADER_WORDS = 5
SHORT_NAME = re.compile(r"^(?:`[^`]+`|[#A-Z0-9][\w./#-]{0,14})$")


def explains(header: str) -> bool:
    """Whether a column says what a code means or what caused a fault, so that advice belongs to it."""
    return bool(MEANING.search(header) or CAUSE.search(header))


def variant(first: str, header: str) -> bool:
    """Whether a header names a variant ("Premium") rather than a property ("Default") of what the row names."""
    if _FAMILY.match(header):
        return True
    return bool(VARIANTS.match(first)) and not ATTRIBUTE.search(header) and not explains(header)


def askable(header: str) -> bool:
    """Whether a header names something that a row has, so that it can be asked for."""
    if REMEDY.search(header):
        return True
    return not _NO_NOUN.search(header) and len(header.split()) <= _MOST_HEADER_WORDS and "," not in header


def kindly(first: str) -> bool:
    """Whether a first header says of what kind its rows are: "which name …" asks for nothing in particular."""
    return bool(first) and not _NO_KIND.match(first) and askable(first)


def comparable(header: str) -> bool:
    """Whether it makes sense to ask how two rows differ in a column."""
    return askable(header) and not _INCOMPARABLE.search(header)
