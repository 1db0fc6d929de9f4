"""Pairs from list items that name a thing, or a trouble, and then say what about it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localcloud.engines.extractive.candidates import Candidate
from localcloud.engines.extractive.korean import with_particle
from localcloud.engines.extractive.teacher.pair import Page, Pair, Type
from localcloud.engines.extractive.teacher.phrases import clause, ended, imperative, lower_first, placed

_LABELLED = re.compile(r"^(?P<label>[^.:：!?\n]{2,80}?)(?P<mark>[.:：])\s+(?P<rest>\S.{14,})$", re.DOTALL)
_TROUBLE = re.compile(
    r"troubleshoot|problem|error|fault|fail|faq|issue|문제|장애|오류|고장|실패|증상|자주 묻는", re.IGNORECASE
)
_BROKEN = re.compile(r"[\"{}=]|://")
_DEFINES = re.compile(
    r"^(?:an?|the) (?:[\w`/-]+ ){0,5}?(?:that|which|who|of|for|used|where|in|to|on|from|with|by|sent|between|after)\b"
    r"|^(?:an?|the) (?:[\w`/-]+ ){0,2}[\w`/-]+\.?$|^(?:identifies|means|stands)",
    re.IGNORECASE,
)
_TROUBLED = re.compile(r"problem|error|fault|fail|issue|not |no |never|cannot|lost|missing|slow|wrong", re.IGNORECASE)
_USED = re.compile(r"^used (?:to|for|by|in|when)\b", re.IGNORECASE)
_DOES = re.compile(
    r"^(?:overrides?|represents?|specif(?:y|ies)|sets?|controls?|enables?|disables?|allows?|returns?|sends?|provides?"
    r"|stores?|starts?|stops?|manages?|handles?|defines?|contains?|holds?|shows?|displays?|lists?|adds?|removes?"
    r"|creates?|deletes?|checks?|limits?|forces?|prevents?|requires?|supports?|runs?|keeps?|reports?|tracks?"
    r"|generates?|configures?|determines?|indicates?|performs?|maintains?|implements?|monitors?|forwards?)\b",
    re.IGNORECASE,
)
_VALUE = re.compile(r"^[^.;]*(?:\d|`)[^.;]*\.?$|^[^.;]*\d\.\d[^.;]*\.?$")
_REMARK = re.compile(
    r"^(?:note|notes|important|warning|tip|hint|caution|example|info|remark|see also|todo|default|e\.g|i\.e|for example"
    r"|참고|주의|예|예시|비고|disclaimer|output|result|\d+|\d+단계|"
    r"(?:step|chapter|section|appendix|table|figure|argument) \w+"
    r"|(?:from|in|on|at|for|with|to|after|before|when|if|it|this|these|they|that|there)\b.*)$",
    re.IGNORECASE,
)
_KOREAN_DEFINES = re.compile(
    r"(?:입니다|말합니다|뜻합니다|의미합니다|말한다|뜻한다|의미한다|번호|식별자|코드|값|목록)\.?$"
)
_KOREAN_CLAUSE = re.compile(r"(?:다|음|함|됨|요|림|김|짐|남|안 됨)$")
_LEAST_TOLD = 5
_MOST_LABEL_WORDS = 14
_MOST_CASE_WORDS = 9
_MOST_NAME_WORDS = 6
_MOST_VALUE_WORDS = 9
_MOST_KOREAN_NAME = 30


def from_items(page: Page) -> Iterator[Pair]:
    """One pair for each labelled item whose label can be asked about."""
    for piece in page.pieces:
        match = labelled(piece)
        quotes = page.quote(piece.text) if match else ()
        if match is None or not quotes:
            continue
        label, rest, trouble = match["label"].strip("*_ "), match["rest"].strip(), bool(_TROUBLE.search(piece.heading))
        asked = _korean(label, rest, trouble) if page.language == "ko" else _english(label, rest, trouble, page)
        if asked:
            types, questions, answer = asked
            yield Pair(types, tuple(placed(question, page, piece.heading) for question in questions), answer, quotes)


def labelled(piece: Candidate) -> re.Match[str] | None:
    """``label`` and ``rest`` of an item or line that names a thing and goes on; None for what is no such thing."""
    match = _LABELLED.match(piece.text) if piece.kind in ("item", "sentence") else None
    if match is None or (piece.kind == "sentence" and match["mark"] == ".") or match["rest"].rstrip().endswith(":"):
        return None
    label = match["label"].strip("*_- ")
    whole = label.count("`") % 2 == 0 and label.count("(") == label.count(")") and not _BROKEN.search(label)
    if not whole or _REMARK.match(label) or len(label.split()) > _MOST_LABEL_WORDS or not re.match(r"[\w`‘]", label):
        return None
    return match


def named_thing(label: str, rest: str) -> bool:
    """Whether an item says what the thing is that its label names, rather than tells a case or gives a value."""
    if _KOREAN_CLAUSE.search(label) or clause(label) or imperative(label) or len(label.split()) > 4:
        return False
    return bool(
        _DEFINES.match(rest) or _USED.match(rest) or _DOES.match(rest) or _KOREAN_DEFINES.search(rest.split(". ")[0])
    )


Asked = tuple[tuple[Type, ...], tuple[str, ...], str]


def _english(label: str, rest: str, trouble: bool, page: Page) -> Asked | None:
    what = lower_first(label, page)
    if trouble and (clause(label) or _TROUBLED.search(label)):
        if len(label.split()) < 2 or imperative(label) or rest.startswith("`") or len(label.split()) > _MOST_CASE_WORDS:
            return None
        about = f"{'if' if clause(label) else 'about'} {what}"
        return ("troubleshooting",), (f"What should I do {about}?", f"What can I do {about}?"), ended(rest)
    if clause(label) or imperative(label) or len(label.split()) > _MOST_NAME_WORDS:
        return None
    answer, be = f"{label}: {ended(rest)}", "are" if re.search(r"[a-z][^sui`]s$", label) else "is"
    if _DEFINES.match(rest):
        return ("definition", "fact"), (f"What {be} {what}?",), answer
    if _USED.match(rest):
        return ("definition", "fact"), (f"What {be} {what} used for?",), answer
    if _DOES.match(rest) and rest.split()[0].endswith("s"):
        return ("definition", "fact"), (f"What does {what} do?", f"What is {what} for?"), answer
    if _VALUE.match(rest) and len(rest.split()) <= _MOST_VALUE_WORDS:
        return ("fact",), (f"What is specified for {what}?", f"Which value is listed for {what}?"), answer
    if len(rest.split()) < _LEAST_TOLD:
        return None
    return ("fact",), (f"What should I know about {what}?", f"What applies to {what}?"), answer


def _korean(label: str, rest: str, trouble: bool) -> Asked | None:
    if trouble and _KOREAN_CLAUSE.search(label):
        asked = (f"‘{label}’ 증상이 있으면 어떻게 해야 하나요?", f"‘{label}’ 증상은 어떻게 해결하나요?")
        return ("troubleshooting",), asked, ended(rest)
    if _KOREAN_CLAUSE.search(label) or len(label) > _MOST_KOREAN_NAME:
        return None
    if trouble:
        return ("troubleshooting",), (f"{label} 문제는 어떻게 해결하나요?",), ended(rest)
    topic = with_particle(label, "은")
    if _KOREAN_DEFINES.search(rest.split(". ")[0]):
        return ("definition", "fact"), (f"{topic} 무엇인가요?", f"{label}의 뜻은 무엇인가요?"), f"{topic} {ended(rest)}"
    return ("fact",), (f"{label}에 대해 알려 주세요.", f"{label}에 대해 설명해 주세요."), f"{label}: {ended(rest)}"
