"""Korean wording of a table cell as question and answer."""

from __future__ import annotations

import re

from localcloud.engines.extractive.korean import with_particle
from localcloud.engines.extractive.teacher.pair import Page, chosen
from localcloud.engines.extractive.teacher.phrases import ended, sentence_like
from localcloud.engines.extractive.teacher.table_english import MEANING, REMEDY, SHORT_NAME, VARIANTS

_AMOUNT = re.compile(
    r"^(?:약 |최대 |최소 |월 |1일 )?\d[\d,.]*\s*(?:원|GB|MB|TB|kbps|Mbps|Gbps|%|초|분|시간|일|주|개월"
    r"|년|회|건|개|대|회선|자리)(?: 이내| 이상| 이하| 미만)?$"
)


def write(first: str, name: str, header: str, value: str, remedy: str, page: Page) -> tuple[str, str]:
    """Question and answer."""
    named = f"{first} {name}" if SHORT_NAME.match(name) and first and not name.startswith("`") else name
    advice = f" {_advice(remedy)}" if remedy else ""
    if REMEDY.search(header):
        question = chosen(
            (f"{named}의 경우 어떻게 조치해야 하나요?", f"{with_particle(named, '이')} 발생하면 어떻게 해야 하나요?"),
            value,
        )
        return question, value if sentence_like(value) else f"{named}의 경우 다음과 같이 조치합니다: {ended(value)}"
    if MEANING.search(header):
        return f"{with_particle(named, '은')} 무엇을 의미하나요?", _is(named, value) + advice
    what = f"{header} 기준 {named}" if VARIANTS.match(first) else f"{named}의 {header}"
    topic = with_particle(what, "은")
    ask = "얼마인가요" if _AMOUNT.match(value) else "무엇인가요"
    question = chosen((f"{topic} {ask}?", f"{topic} {ask}?", f"{with_particle(what, '을')} 알려 주세요."), name + value)
    return question, _is(what, value) + advice


def _advice(remedy: str) -> str:
    return ended(remedy) if sentence_like(remedy) else f"조치 방법: {ended(remedy)}"


def _is(what: str, value: str) -> str:
    if sentence_like(value) or ". " in value:
        return f"{with_particle(what, '은')} 다음과 같습니다: {ended(value)}"
    return f"{with_particle(what, '은')} {value}입니다."
