"""Pairs from list items that name a thing, or a trouble, and then say what about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localcloud.engines.extractive.candidates import Candidate
from localcloud.engines.extractive.korean import with_particle
from localcloud.engines.extractive.teacher.pair import Page, Pair
from localcloud.engines.extractive.teacher.phrases import ended, lower_first, placed

_LABELLED = re.compile(r"^(?P<label>[^.:：!?\n]{2,80}?)(?P<mark>[.:：])\s+(?P<rest>\S.{14,})$", re.DOTALL)
_TROUBLE = re.compile(
    r"troubleshoot|problem|error|fault|fail|faq|issue|문제|장애|오류|고장|실패|증상|자주 묻는", re.IGNORECASE
)
_VERB = re.compile(
    r"\b(?:is|are|do|does|not|fails?|works?|stops?|moves?|reboots?|shows?|returns?|answers?|cannot|has|have|gets?|drops?"
    r"|arrives?|ends?|remains?|stays?|appears?|takes?|uses?|differs?|needs?|can|may|must|will)\b"
)
_BROKEN = re.compile(r"[\"{}=]|://")
_DEFINES = re.compile(r"^(?:an?|the) \w+|^(?:identifies|means|stands)", re.IGNORECASE)
_KOREAN_DEFINES = re.compile(r"(?:입니다|말합니다|뜻합니다|의미합니다|번호|식별자|코드|값|목록)\.?$")
_KOREAN_CLAUSE = re.compile(r"(?:다|음|함|됨|요|림|김|짐|남|안 됨)$")
_MOST_LABEL_WORDS = 14
_MOST_NAME_WORDS = 6
_MOST_KOREAN_NAME = 30


def from_items(page: Page) -> Iterator[Pair]:
    """One pair for each labelled item whose label can be asked about."""
    for piece in page.pieces:
        match = _labelled(piece)
        evidence = page.quote(match["rest"].strip()) if match else None
        if match is None or evidence is None:
            continue
        label, rest, trouble = match["label"].strip("*_ "), match["rest"].strip(), bool(_TROUBLE.search(piece.heading))
        asked = _korean(label, rest, trouble) if page.language == "ko" else _english(label, rest, trouble, page)
        if asked:
            question = placed(asked[0], page, piece.heading)
            yield Pair("trouble" if trouble else "label", question, asked[1], page.number, evidence)


def _labelled(piece: Candidate) -> re.Match[str] | None:
    match = _LABELLED.match(piece.text) if piece.kind in ("item", "sentence") else None
    if match is None or (piece.kind == "sentence" and match["mark"] == "."):
        return None
    label = match["label"]
    whole = label.count("`") % 2 == 0 and label.count("(") == label.count(")") and not _BROKEN.search(label)
    return match if whole and len(label.split()) <= _MOST_LABEL_WORDS else None


def _english(label: str, rest: str, trouble: bool, page: Page) -> tuple[str, str] | None:
    what = lower_first(label, page)
    if trouble:
        return f"What should I do {'if' if _VERB.search(label) else 'about'} {what}?", ended(rest)
    if _VERB.search(label) or len(label.split()) > _MOST_NAME_WORDS:
        return None
    if _DEFINES.match(rest):
        return f"What is {what}?", f"{label}: {ended(rest)}"
    return f"What applies to {what}?", f"{label}: {ended(rest)}"


def _korean(label: str, rest: str, trouble: bool) -> tuple[str, str] | None:
    if trouble and _KOREAN_CLAUSE.search(label):
        return f"‘{label}’ 증상이 있으면 어떻게 해야 하나요?", ended(rest)
    if trouble:
        return f"{label} 문제는 어떻게 해결하나요?", ended(rest)
    if _KOREAN_CLAUSE.search(label) or len(label) > _MOST_KOREAN_NAME:
        return None
    topic = with_particle(label, "은")
    if _KOREAN_DEFINES.search(rest.split(". ")[0]):
        return f"{topic} 무엇인가요?", f"{topic} {ended(rest)}"
    return f"{topic} 어떻게 되나요?", f"{label}: {ended(rest)}"
