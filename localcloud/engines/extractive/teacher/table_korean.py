"""Korean wording of table cells as question and answer."""

from __future__ import annotations

import re

from localcloud.engines.extractive.korean import with_particle
from localcloud.engines.extractive.teacher.headers import MEANING, REMEDY, SHORT_NAME, VARIANTS, kindly, variant
from localcloud.engines.extractive.teacher.pair import Page, turned
from localcloud.engines.extractive.teacher.phrases import ended, nominalised, sentence_like
from localcloud.engines.extractive.teacher.table_english import Asked

_AMOUNT = re.compile(
    r"^(?:약 |최대 |최소 |월 |1일 |하루 )?\d[\d,.]*\s*(?:원|GB|MB|TB|kbps|Mbps|Gbps|%)(?: 이상| 이하| 미만)?$"
)
_NO_REMEDY = re.compile(r"기한|시간|기간|여부|담당|결과|방식|주체|상태")
_SITUATION = re.compile(r"[이가] |,|원 ")
"""Names of rows that are a case rather than a thing."""
_MOST_REVERSED = 22
_NO_NOUN = re.compile(r"[다요함됨음며고면][.)]?$|[.!?:)]$|\. ")


def write(first: str, name: str, header: str, value: str, remedy: str, page: Page) -> Asked:
    """Types, wordings of the question, and the answer."""
    named = named_as(first, name)
    advice = f" {_advice(remedy)}" if remedy else ""
    if REMEDY.search(header) and not _NO_REMEDY.search(header):
        return ("troubleshooting", "table"), _what_to_do(name, named, value), _done(name, named, value)
    if MEANING.search(header) and VARIANTS.match(first):
        return ("table",), (f"{with_particle(name, '은')} 어떻게 되나요?",), _is(name, value) + advice
    if MEANING.search(header):
        asked = (f"{with_particle(named, '은')} 무엇을 의미하나요?", f"{named}의 의미는 무엇인가요?")
        return ("table", "definition"), asked, _is(named, value) + advice
    what = f"{header} 기준 {named}" if variant(first, header) else f"{named}의 {header}"
    topic = with_particle(what, "은")
    ask = "얼마인가요" if _AMOUNT.match(value) else "무엇인가요"
    questions = turned(
        (f"{topic} {ask}?", f"{topic} {ask}?", f"{with_particle(what, '을')} 알려 주세요."), name + value
    )
    return ("table",), questions, _is(what, value) + advice


def both(first: str, name: str, cells: tuple[tuple[str, str], tuple[str, str]], page: Page) -> Asked:
    """Two columns of one row: ``cells`` are (header, value)."""
    (one, a), (two, b) = cells
    named = named_as(first, name)
    what = f"{named}의 {with_particle(one, '과')} {two}"
    questions = (f"{with_particle(what, '은')} 무엇인가요?", f"{with_particle(what, '을')} 알려 주세요.")
    return ("table",), questions, f"{named}의 {with_particle(one, '은')} {a}이고 {with_particle(two, '은')} {b}입니다."


def reverse(first: str, name: str, header: str, value: str, page: Page) -> Asked | None:
    """What row has a value: None where that cannot be asked."""
    if VARIANTS.match(first) or _NO_NOUN.search(value) or nominalised(value) or REMEDY.search(header):
        return None
    if ("," in value and not re.match(r"[\d,.]+\D*$", value)) or len(value) > _MOST_REVERSED or not kindly(first):
        return None
    kind = with_particle(first, "은")
    if MEANING.search(header):
        questions = (f"‘{value}’{with_particle(value, '을')[len(value) :]} 의미하는 {kind} 무엇인가요?",)
        return (
            ("table",),
            questions,
            f"‘{value}’{with_particle(value, '을')[len(value) :]} 의미하는 {kind} {name}입니다.",
        )
    told = f"{with_particle(header, '이')} {value}인"
    return ("table",), (f"{told} {kind} 무엇인가요?", f"{told} {kind} 어느 것인가요?"), f"{told} {kind} {name}입니다."


def differ(first: str, names: tuple[str, str], header: str, values: tuple[str, str], page: Page) -> Asked:
    """Two rows of one column."""
    one, two = (named_as(first, name) for name in names)
    what = f"{with_particle(one, '과')} {two}의 {header}"
    questions = (f"{with_particle(what, '은')} 어떻게 다른가요?", f"{what} 차이는 무엇인가요?")
    topic = with_particle(header, "은")
    return ("comparison",), questions, f"{one}의 {topic} {values[0]}이고, {two}의 {topic} {values[1]}입니다."


def differ_columns(first: str, name: str, cells: tuple[tuple[str, str], tuple[str, str]], page: Page) -> Asked:
    """Two variants of what one row names."""
    (one, a), (two, b) = cells
    questions = (f"{with_particle(name, '은')} {with_particle(one, '과')} {two}에서 어떻게 다른가요?",)
    return ("comparison",), questions, f"{with_particle(name, '은')} {one}에서는 {a}이고, {two}에서는 {b}입니다."


def named_as(first: str, name: str) -> str:
    """A row's name with its kind where it only speaks with it."""
    return f"{first} {name}" if SHORT_NAME.match(name) and first and not name.startswith("`") else name


def _what_to_do(name: str, named: str, value: str) -> tuple[str, ...]:
    if _SITUATION.search(name):
        return (f"‘{name}’ 상황에서는 어떻게 조치해야 하나요?",)
    general = f"{named}의 경우 어떻게 조치해야 하나요?"
    if not SHORT_NAME.match(name):
        return (general,)
    return turned((general, f"{with_particle(named, '이')} 발생하면 어떻게 해야 하나요?"), value)


def _done(name: str, named: str, value: str) -> str:
    if sentence_like(value) or _SITUATION.search(name):
        return ended(value)
    return f"{named}의 경우 다음과 같이 조치합니다: {ended(value)}"


def _advice(remedy: str) -> str:
    return ended(remedy) if sentence_like(remedy) else f"조치 방법: {ended(remedy)}"


def _is(what: str, value: str) -> str:
    if sentence_like(value) or ". " in value or nominalised(value):
        return f"{with_particle(what, '은')} 다음과 같습니다: {ended(value)}"
    return f"{with_particle(what, '은')} {value}입니다."
