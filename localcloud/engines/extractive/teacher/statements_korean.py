"""Korean statements turned into questions: their ending changed, and the one amount that they hold asked for."""

from __future__ import annotations

import re

from localcloud.engines.extractive.korean import with_particle

Asked = tuple[str, str]

_ENDINGS = {
    "입니다": "인가요",
    "합니다": "하나요",
    "됩니다": "되나요",
    "있습니다": "있나요",
    "습니다": "나요",
    "줍니다": "주나요",
    "납니다": "나나요",
    "냅니다": "내나요",
    "봅니다": "보나요",
    "둡니다": "두나요",
    "갑니다": "가나요",
    "립니다": "리나요",
    "옵니다": "오나요",
    "칩니다": "치나요",
    "킵니다": "키나요",
    "듭니다": "드나요",
}
_AMOUNT = re.compile(
    r"\d[\d,.]*\s?(?P<unit>원|%|GB|MB|TB|kbps|Mbps|Gbps|초|분|시간|일|주|개월|년|회선|회|건|개|대|명|자리|글자|배)"
    r"(?![가-힣]*월 \d)"
)
_NO_AMOUNT = re.compile(r"차|번째|호|월|요일|시 |급")
"""What after a number and its unit makes it a name rather than an amount."""
_AFTER_MONEY = ("입", "인", "이", "까지", "을", "의", "씩", "부터")
_TOPIC = re.compile(r"^(?P<s>[^,.]{2,34}?[가-힣\w`)])[은는] ")
_CLAUSE = re.compile(r"[가-힣](?:면|서|고|데|때|에|에서|로|까지)$")
_CONDITION = re.compile(r"^(?P<c>[^,.]{6,60}?[가-힣]면),? [^,]{8,}다\.$")
_OPEN = re.compile(r"(?:이|그|위|아래)(?:것|러|렇|때|곳)")
_ADVICE = re.compile(r"(?:확인|요청|신청|안내|설정|변경|선택|재시도|교체)(?:합니다|하세요|해야 합니다)\.$")
_DEFINES = re.compile(r"(?:입니다|말합니다|뜻합니다|의미합니다)\.$")
_LONGEST = 80
"""Characters of a statement with one amount: longer ones hold several thoughts."""


def ask(text: str) -> Asked | None:
    """The kind of question and the question; None for a sentence that none of the patterns fits."""
    condition = _CONDITION.match(text)
    if condition and not _OPEN.search(condition["c"]):
        ending = "어떻게 해야 하나요" if _ADVICE.search(text) else "어떻게 되나요"
        return "condition", f"{condition['c']} {ending}?"
    topic = _TOPIC.match(text)
    if topic is None or len(re.findall(r"\.(?!\d)", re.sub(r"`[^`]*`", "", text))) > 1:
        return None
    amounts = list(_AMOUNT.finditer(text))
    numbers = re.findall(r"\d[\d,.]*", re.sub(r"`[^`]*`", "", text))
    alone = len(amounts) == len(numbers) == 1 and amounts[0].start() > topic.end()
    if alone and len(text) <= _LONGEST and "(" not in text:
        return _amount(text, amounts[0])
    return _definition(text, topic)


def _amount(text: str, amount: re.Match[str]) -> Asked | None:
    """The statement turned into a question for its one amount."""
    asked, unit = _questioned(text), amount["unit"]
    if asked is None or _NO_AMOUNT.match(text[amount.end() :]):
        return None
    rest = asked[amount.end() :]
    if unit == "원" and not rest.startswith(_AFTER_MONEY):
        return None
    rest = rest.replace("만", "", 1) if re.match(r"(?:만|까지만)\s", rest) else rest
    return "amount", f"{asked[: amount.start()]}{'얼마' if unit == '원' else f'몇 {unit}'}{rest}"


def _questioned(text: str) -> str | None:
    """A polite statement as a polite question; None for an ending that is not known."""
    stem = text.rstrip(".")
    for ending, question in _ENDINGS.items():
        if stem.endswith(ending):
            return f"{stem[: -len(ending)]}{question}?"
    return None


def _definition(text: str, topic: re.Match[str]) -> Asked | None:
    subject = topic["s"]
    if not _DEFINES.search(text) or _CLAUSE.search(subject) or len(subject.split()) > 4:
        return None
    if re.search(r"\d[^가-힣]*입니다\.$", text) or "," in text[: topic.end() + 10]:
        return None
    return "definition", f"{with_particle(subject, '은')} 무엇인가요?"
