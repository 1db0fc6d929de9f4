"""Pairs from list items that name a thing, or a trouble, and then say what about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localcloud.engines.extractive.korean import with_particle
from localcloud.engines.extractive.teacher.pair import Page, Pair
from localcloud.engines.extractive.teacher.phrases import ended, lower_first, placed

_LABELLED = re.compile(r"^(?P<label>[^.:：!?\n]{2,80}?)(?P<mark>[.:：])\s+(?P<rest>\S.{14,})$", re.DOTALL)
_TROUBLE = re.compile(r"troubleshoot|problem|error|fault|fail|faq|issue|문제|장애|오류|고장|실패|증상|자주 묻는", re.IGNORECASE)
_VERB = re.compile(r"\b(?:is|are|do|does|not|fails?|works?|stops?|moves?|reboots?|shows?|returns?|answers?|cannot|has|have|gets?|drops?|arrives?|ends?|remains?|stays?|appears?|takes?|uses?|differs?|needs?|can|may|must|will)\b")
_DEFINES = re.compile(r"^(?:an?|the) \w+|^(?:identifies|means|stands)", re.IGNORECASE)
_KOREAN_DEFINES = re.compile(r"(?:입니다|말합니다|뜻합니다|의미합니다|번호|식별자|코드|값|목록)\.?$")
_KOREAN_CLAUSE = re.compile(r"(?:다|음|함|됨|요|림|김|짐|남|안 됨)$")


def from_items(page: Page) -> Iterator[Pair]:
    """One pair for each labelled item whose label can be asked about."""
    for piece in page.pieces:
        match = _LABELLED.match(piece.text) if piece.kind in ("item", "sentence") else None
        if match is None or (piece.kind == "sentence" and match["mark"] == "."):
            continue
        label, rest = match["label"].strip("*_ "), match["rest"].strip()
        evidence = page.quote(rest)
        if evidence is None or len(label.split()) > 14 or "://" in label or re.search(r"[\"{}=]", label) or label.count("`") % 2 or label.count("(") != label.count(")"):
            continue
        trouble = bool(_TROUBLE.search(piece.heading))
        asked = _korean(label, rest, trouble) if page.language == "ko" else _english(label, rest, trouble, page)
        if asked:
            yield Pair("trouble" if trouble else "label", placed(asked[0], page, piece.heading), asked[1], page.number, evidence)


def _english(label: str, rest: str, trouble: bool, page: Page) -> tuple[str, str] | None:
    what = lower_first(label, page)
    if trouble:
        return f"What should I do {'if' if _VERB.search(label) else 'about'} {what}?", ended(rest)
    if _VERB.search(label) or len(label.split()) > 6:
        return None
    if _DEFINES.match(rest):
        return f"What is {what}?", f"{label} is {ended(lower_first(rest, page))}" if _DEFINES.match(rest) and rest[0] in "AaTt" else ended(rest)
    return f"What applies to {what}?", f"{label}: {ended(rest)}"


def _korean(label: str, rest: str, trouble: bool) -> tuple[str, str] | None:
    if trouble and _KOREAN_CLAUSE.search(label):
        return f"‘{label}’ 증상이 있으면 어떻게 해야 하나요?", ended(rest)
    if trouble:
        return f"{label} 문제는 어떻게 해결하나요?", ended(rest)
    if _KOREAN_CLAUSE.search(label) or len(label) > 30:
        return None
    if _KOREAN_DEFINES.search(rest.split(". ")[0]):
        return f"{with_particle(label, '은')} 무엇인가요?", f"{with_particle(label, '은')} {ended(rest)}"
    return f"{with_particle(label, '은')} 어떻게 되나요?", f"{label}: {ended(rest)}"
