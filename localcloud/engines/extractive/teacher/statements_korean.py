"""Korean statements turned into questions: their ending changed, and what they say of a topic asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from localcloud.engines.extractive.korean import final_consonant, with_particle
from localcloud.engines.extractive.teacher.korean_endings import questioned
from localcloud.engines.extractive.teacher.pair import Type

Asked = tuple[tuple[Type, ...], tuple[str, ...]]

_AMOUNT = re.compile(
    r"\d[\d,.]*\s?(?P<unit>원|%|GB|MB|TB|kbps|Mbps|Gbps|초|분|시간|일|주|개월|년|회선|회|건|개|대|명|자리|글자|배)"
    r"(?![가-힣]*월 \d)"
)
_NO_AMOUNT = re.compile(r"차|번째|호|월|요일|시 |급|전|후")
"""What after a number and its unit makes it a name rather than an amount."""
_AFTER_MONEY = ("입", "인", "이", "까지", "을", "의", "씩", "부터")
_TOPIC = re.compile(r"^(?P<s>[^,.]{2,34}?[가-힣\w`)])[은는] ")
_CLAUSE = re.compile(r"[가-힣](?:면|서|고|데|때|에|에서|로|까지)$")
_CONDITION = re.compile(r"^(?P<c>[^,.]{4,60}?[가-힣](?:면|경우(?:에는|에)?|때(?:는|에는)?)),? (?P<r>.{8,})다\.$")
_PURPOSE = re.compile(r"^(?P<c>[^,.]{4,50}?[가-힣](?:려면|기 위해(?:서)?(?:는)?)),? (?P<r>.{6,})\.$")
_AIM = re.compile(r"(.)기 위해(?:서)?(?:는)?$")
_TWO_THOUGHTS = re.compile(r"(?:므로|는지|지만|는데|되|며) ")
_HALF = re.compile(r"[가-힣](?:되|고|며|면|서) ")
_OPEN = re.compile(r"(?:^|\s)(?:이|그|위|아래|해당|이런|그런)(?:것|러|렇|때|곳|\s)|^(?:이|그)를")
_ADVICE = re.compile(
    r"(?:확인|요청|신청|안내|설정|변경|선택|재시도|교체|수정|추가|삭제|실행|설치|입력|사용|접수|처리|제출|등록)"
    r"(?:합니다|한다|하세요|해야 합니다|해야 한다|하면 된다|하면 됩니다)\.$|(?:세요|십시오|야 합니다|야 한다)\.$"
)
_DEFINES = re.compile(r"(?:입니다|말합니다|뜻합니다|의미합니다|이다|말한다|뜻한다|의미한다)\.$")
_PLACE = re.compile(
    r"^(?P<s>[^,.]{2,34}?[가-힣\w`)])(?P<p>[은는]) (?P<o>[^,.]{2,50}?(?<![시일월전후때간내동])에) "
    r"(?P<v>(?:\d+\S* )?(?:저장|보관|보존|기록|위치|설치|표시|생성|등록|정의|포함)\S{1,6}다)\.$"
)
_OBJECT = re.compile(
    r"^(?P<s>[^,.]{2,34}?[가-힣\w`)])(?P<p>[은는]) (?P<o>[^,.]{6,90}?)[을를] "
    r"(?P<v>(?:제공|지원|관리|사용|담당|수행|이용|요구|처리|설정|확인|표시|점검|기준으로|수집|생성|실행|검증|구성)\S{1,6}다)\.$"
)
_COMPOSED = re.compile(
    r"^(?P<s>[^,.]{2,34}?[가-힣\w`)])(?P<p>[은는]) (?P<o>[^,.]{2,70}?)(?P<w>으로|로) "
    r"(?P<v>(?:구성|구분|분류|나뉘|이루어|대체|전환|표시)\S{1,6}다)\.$"
)
_HOLDS = re.compile(
    r"^(?P<s>[^,.]{2,40}?(?:에는|에서는)) (?P<o>[^,.]{2,90}?)[이가] (?P<v>(?:있|포함되|필요하|들어)\S{0,4}다)\.$"
)
_DATED = re.compile(r"\d{4}년|\d+월 \d+일")
_RULE = 18
"""Most characters of a topic whose rule may be asked for as a whole."""
_NEEDED = re.compile(r"^(?P<s>[^,.]{3,40}?(?:에는|하려면|려면)) (?P<o>[^,.]{3,60})[이가] (?P<v>필요(?:합니다|하다))\.$")
_MEANS = re.compile(
    r"^(?P<s>[^,.]{3,40}?[가-힣\w`)])(?P<p>[은는]) (?P<o>[^,.]{3,60}?[을를]?) "
    r"(?:통해서?|이용해서?|이용하여|사용해서?|사용하여) "
    r"(?P<v>[^,.]{2,40}(?:할 수 있습니다|할 수 있다|합니다|한다))\.$"
)
_VERBAL = re.compile(
    r"(?:하|되|쓰|주|보내|만드|시키|어지|아지|모르|따르|오|나가|들어가|가리키|같|많|적|높|낮|좋|작|짧|길|넓)$"
)
_LONGEST = 90
"""Characters of a statement with one amount: longer ones hold several thoughts."""
_LONGEST_MAIN = 130
FACT: tuple[Type, ...] = ("fact",)
TROUBLE: tuple[Type, ...] = ("troubleshooting", "fact")


def ask(text: str) -> Asked | None:
    """The types and wordings of a question; None for a sentence that none of the patterns fits."""
    if len(re.findall(r"\.(?!\d)", re.sub(r"`[^`]*`", "", text))) > 1:
        return None
    return _purpose(text) or _condition(text) or _needed(text) or _holds(text) or _of_topic(text)


def _purpose(text: str) -> Asked | None:
    match = _PURPOSE.match(text)
    if match is None or _OPEN.search(match["c"]) or not (_ADVICE.search(text) or text.endswith(("다.", "요."))):
        return None
    if "기 위" in match["c"][-8:] and not _ADVICE.search(text):
        return None
    goal = _AIM.sub(lambda aim: aim[1] + ("으려면" if final_consonant(aim[1]) == "ㅇ" else "려면"), match["c"])
    return ("procedure", "fact"), (f"{goal} 어떻게 해야 하나요?", f"{goal} 어떻게 하면 되나요?")


def _condition(text: str) -> Asked | None:
    match = _CONDITION.match(text)
    if match is None or _OPEN.search(match["c"]) or len(match["r"]) > _LONGEST_MAIN:
        return None
    if _ADVICE.search(text):
        return TROUBLE, (f"{match['c']} 어떻게 해야 하나요?", f"{match['c']} 무엇을 해야 하나요?")
    return FACT, (f"{match['c']} 어떻게 되나요?",)


def _needed(text: str) -> Asked | None:
    match = _NEEDED.match(text)
    return (FACT, (f"{match['s']} 무엇이 필요한가요?",)) if match and not _OPEN.search(match["s"]) else None


def _of_topic(text: str) -> Asked | None:
    topic = _TOPIC.match(text)
    if topic is None or _OPEN.search(topic["s"]) or _CLAUSE.search(topic["s"]) or _HALF.search(topic["s"]):
        return None
    if not topic[0].startswith(with_particle(topic["s"], "은")) or _VERBAL.search(topic["s"]):
        return None
    amounts = list(_AMOUNT.finditer(text))
    numbers = re.findall(r"\d[\d,.]*", re.sub(r"`[^`]*`", "", text))
    alone = len(amounts) == len(numbers) == 1 and amounts[0].start() > topic.end()
    if alone and len(text) <= _LONGEST and "(" not in text and (asked := _amount(text, amounts[0])):
        return asked
    found = _place(text) or _definition(text, topic) or _means(text) or _composed(text) or _object(text)
    return found or _rule(text, topic, amounts)


def _amount(text: str, amount: re.Match[str]) -> Asked | None:
    """The statement turned into a question for its one amount."""
    asked, unit = questioned(text), amount["unit"]
    if asked is None or _TWO_THOUGHTS.search(text) or _NO_AMOUNT.match(text[amount.end() :]):
        return None
    rest = asked[amount.end() :]
    if unit == "원" and not rest.startswith(_AFTER_MONEY):
        return None
    rest = rest.replace("만", "", 1) if re.match(r"(?:만|까지만)\s", rest) else rest
    return FACT, (f"{asked[: amount.start()]}{'얼마' if unit == '원' else f'몇 {unit}'}{rest}",)


def _place(text: str) -> Asked | None:
    match = _PLACE.match(text)
    verb = questioned(match["v"]) if match else None
    return (FACT, (f"{match['s']}{match['p']} 어디에 {verb}",)) if match and verb else None


def _means(text: str) -> Asked | None:
    match = _MEANS.match(text)
    verb = questioned(match["v"]) if match else None
    return (FACT, (f"{match['s']}{match['p']} 어떻게 {verb}",)) if match and verb else None


def _composed(text: str) -> Asked | None:
    match = _COMPOSED.match(text)
    verb = questioned(match["v"]) if match else None
    return (FACT, (f"{match['s']}{match['p']} 무엇으로 {verb}",)) if match and verb else None


def _holds(text: str) -> Asked | None:
    match = _HOLDS.match(text)
    verb = questioned(match["v"]) if match else None
    if match is None or verb is None or _OPEN.search(match["s"]) or re.search(r"(?:면|고|며|서|때) ", match["o"]):
        return None
    return FACT, (f"{match['s']} 무엇이 {verb}",)


def _rule(text: str, topic: re.Match[str], amounts: Sequence[re.Match[str]]) -> Asked | None:
    """A sentence with several amounts about one topic is its rule."""
    if len(amounts) < 2 or amounts[0].start() < topic.end() or len(topic["s"]) > _RULE or len(text) > _LONGEST_MAIN:
        return None
    if _DATED.search(text):
        return None
    return FACT, (f"{topic['s']}에 대해 알려 주세요.", f"{with_particle(topic['s'], '은')} 어떻게 되나요?")


def _object(text: str) -> Asked | None:
    match = _OBJECT.match(text)
    verb = questioned(match["v"]) if match else None
    if match is None or verb is None or re.search(r"[가-힣](?:면|고|며|서|때|도록|지만) ", match["o"]):
        return None
    return FACT, (f"{match['s']}{match['p']} 무엇을 {verb}",)


def _definition(text: str, topic: re.Match[str]) -> Asked | None:
    subject = topic["s"]
    if not _DEFINES.search(text) or len(subject.split()) > 4:
        return None
    if re.search(r"\d[^가-힣]*(?:입니다|이다)\.$", text) or "," in text[: topic.end() + 10]:
        return None
    if _AMOUNT.search(text, topic.end()) or text.endswith(("무료입니다.", "필수입니다.", "가능입니다.")):
        return FACT, (f"{with_particle(subject, '은')} 어떻게 되나요?",)
    return ("definition", "fact"), (f"{with_particle(subject, '은')} 무엇인가요?",)
