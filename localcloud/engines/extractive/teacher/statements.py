"""Pairs from sentences: conditions, definitions, durations and limits, where the question follows from the wording."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from localcloud.engines.extractive.korean import with_particle
from localcloud.engines.extractive.teacher.pair import Page, Pair
from localcloud.engines.extractive.teacher.phrases import imperative, lower_first, placed

_VAGUE = re.compile(
    r"^(?:it|its|they|their|them|this|that|these|those|there|he|she|we|you|one|each|both|all|some|such"
    r"|the (?:last|first|second|former|latter|following|above|next|same|other)|otherwise|then|see|also"
    r"|an? \w+ of)\b"
    r"|^(?:이|그|저|이때|그때|여기|위|아래|다음|이런|그런|해당|같은|또|다만|단|각"
    r"|모든)(?:[은는이가를을의에]|\s)", re.IGNORECASE)
_OPEN = re.compile(
    r"\b(?:it|they|them|this|these|those|your?|its|their|he|she|such|other)\b|\b(?:longer|shorter"
    r"|higher|lower|more|less)\b(?!.* than)")
"""Words in a condition that only the sentences before it explain."""
_UNIT = r"(?:seconds?|minutes?|hours?|(?:business |calendar |working )?days?|weeks?|months?|years?)"
_AMOUNT = rf"(?:up to |at most |about |exactly )?(?:\d[\d,.]*|an?|one|two|three|five|ten)\s+{_UNIT}"
_SUBJECT = r"(?P<s>[A-Z`][^,;:]{2,60}?)"
_BE = r"(?P<be>is|are|was|were)"

Asked = tuple[str, str]
Lower = Callable[[str], str]
_ENGLISH: tuple[tuple[str, re.Pattern[str], Callable[[re.Match[str], Lower], str]], ...] = (
    ("condition", re.compile(
        r"^(?P<w>If|When) (?P<c>[^,]{12,110}), (?P<r>(?!which\b).{12,})\.$"), lambda m, low: _condition(m)),
    ("duration", re.compile(rf"^{_SUBJECT} {_BE} (?P<v>\w+(?:ed|pt|lid|ive|able|ored)(?: \w+)?) for {_AMOUNT}\b"),
     lambda m, low: f"How long {m['be']} {low(m['s'])} {m['v']}?"),
    ("interval", re.compile(rf"^{_SUBJECT} {_BE} (?P<v>\w+(?:ed|nt|set)(?: \w+)?) every {_AMOUNT}\b"),
     lambda m, low: f"How often {m['be']} {low(m['s'])} {m['v']}?"),
    ("deadline", re.compile(rf"^{_SUBJECT} {_BE} (?P<v>\w+(?:ed|nt|id)(?: \w+)?) (?:within|after) {_AMOUNT}\b"),
     lambda m, low: f"When {m['be']} {low(m['s'])} {m['v']}?"),
    ("duration", re.compile(rf"^{_SUBJECT} (?P<v>lasts?|takes?|expires? after) {_AMOUNT}\b"),
     lambda m, low: f"How long does it take until {low(m['s'])} expires?" if "expire" in m["v"] else
         f"How long {'does' if m['v'].endswith('s') else 'do'} {low(m['s'])} {m['v'].rstrip('s')}?"),
    ("limit", re.compile(
        rf"^{_SUBJECT} (?P<m>may|can|must) (?P<v>have|hold|contain|use|include|send|carry|run"
        rf"|register) (?:up to|at most|no more than) \d[\d,.]* (?P<o>\w+(?: \w+)?)"),
     lambda m, low: f"How many {m['o'].split(' in')[0]} {m['m']} {low(m['s'])} {m['v']}?"),
    ("limit", re.compile(
        rf"^{_SUBJECT} (?P<v>holds|has|supports|accepts|allows|contains) (?:up to |at most )?\d[\d,.]* "
        rf"(?P<o>[a-z]+s)\b"),
     lambda m, low: f"How many {m['o']} does {low(m['s'])} {_base(m['v'])}?"),
    ("definition", re.compile(
        r"^(?P<s>(?:(?:The|A|An) )?[\w`/.\- ]{2,45}?) (?P<be>is|are) (?P<r>(?:an?|the) (?!same|only"
        r"|last|first)\w+.{20,})\.$"),
     lambda m, low: f"What {m['be']} {low(m['s'])}?"),
    ("set", re.compile(
        r"^(?P<s>The [\w`/.\- ]{3,50}?) is set to \S"), lambda m, low: f"What is {low(m['s'])} set to?"),
)
_KOREAN_END = {"입니다": "인가요", "합니다": "하나요", "됩니다": "되나요", "있습니다": "있나요", "습니다": "나요", "줍니다": "주나요",
               "납니다": "나나요", "냅니다": "내나요", "봅니다": "보나요", "둡니다": "두나요", "갑니다": "가나요", "립니다": "리나요", "옵니다": "오나요", "칩니다": "치나요", "킵니다": "키나요", "듭니다": "드나요"}
_KOREAN_AMOUNT = re.compile(
    r"(?P<n>\d[\d,.]*)\s?(?P<u>원|%|GB|MB|TB|kbps|Mbps|Gbps|초|분|시간|일|주|개월|년|회선|회|건|개|대"
    r"|명|자리|글자|배)(?![가-힣]*월 \d)")
_TOPIC = re.compile(r"^(?P<s>[^,.]{2,34}?[가-힣\w`)])(?P<p>[은는]) ")
_KOREAN_CONDITION = re.compile(r"^(?P<c>[^,.]{6,60}?[가-힣]면),? (?P<r>[^,]{8,}다)\.$")


def from_sentences(page: Page) -> Iterator[Pair]:
    """Pairs of the sentences that some pattern understands; the rest give none."""
    for piece in page.pieces:
        text = piece.text
        if piece.kind != "sentence" or not 25 <= len(text) <= 320 or _VAGUE.match(text) or text.endswith(("?", ":")):
            continue
        asked = _korean(text) if page.language == "ko" else _english(text, lambda part: lower_first(part, page))
        evidence = page.quote(text)
        if asked and evidence:
            yield Pair(asked[0], placed(asked[1], page, piece.heading), text, page.number, evidence)


def _english(text: str, low: Lower) -> Asked | None:
    for kind, pattern, ask in _ENGLISH:
        match = pattern.search(text)
        subject = match.groupdict().get("s") or match.groupdict().get("c", "") if match else ""
        if match and subject and not _VAGUE.match(subject) and len(subject.split()) <= 20:
            question = ask(match, low)
            return (kind, question) if question else None
    return None


def _condition(match: re.Match[str]) -> str:
    when = match["c"] if match["c"].split(" ")[0] != "you" else f"I{match['c'][3:]}"
    if _OPEN.search(match["c"]):
        return ""
    if imperative(match["r"]):
        return f"What should I do {match['w'].lower()} {when}?"
    return f"What happens {match['w'].lower()} {when}?"


def _korean(text: str) -> Asked | None:
    condition = _KOREAN_CONDITION.match(text)
    if condition and not re.search(r"(?:이|그|위|아래)(?:것|러|렇|때|곳)", condition["c"]):
        ending = "어떻게 해야 하나요" if re.search(
            r"(?:확인|요청|신청|안내|설정|변경|선택|재시도|교체)(?:합니다|하세요|해야 합니다)\.$", text) else "어떻게 되나요"
        return "condition", f"{condition['c']} {ending}?"
    topic, amounts = _TOPIC.match(text), list(_KOREAN_AMOUNT.finditer(text))
    if topic is None or text.count(".") - text.count("`.") > 1 + len(re.findall(r"\d\.\d", text)):
        return None
    if len(amounts) == 1 and amounts[0].start() > topic.end() and "(" not in text and len(re.findall(r"\d+", re.sub(r"`[^`]*`", "", text))) == 1 and len(text) <= 80:
        return _amount(text, amounts[0])
    return _definition(text, topic)


def _amount(text: str, amount: re.Match[str]) -> Asked | None:
    """The statement turned into a question for its one amount."""
    asked = _questioned(text)
    if asked is None or re.match(r"(?:차|번째|호|월|요일|시 |급)", text[amount.end() :]):
        return None
    unit = amount["u"]
    what = "얼마" if unit == "원" else f"몇 {unit}"
    rest = asked[amount.end() :]
    if re.match(r"(?:만|까지만)\s", rest):
        rest = rest.replace("만", "", 1)
    before = asked[: amount.start()]
    if unit == "원" and not rest.startswith(("입", "인", "이", "까지", "을", "의", "씩", "부터")):
        return None
    return "amount", f"{before}{what}{rest}"


def _questioned(text: str) -> str | None:
    """A polite statement as a polite question; None for an ending that is not known."""
    stem = text.rstrip(".")
    for ending, question in _KOREAN_END.items():
        if stem.endswith(ending):
            return f"{stem[: -len(ending)]}{question}?"
    return None


def _definition(text: str, topic: re.Match[str]) -> Asked | None:
    subject = topic["s"]
    if not re.search(
        r"(?:입니다|말합니다|뜻합니다|의미합니다)\.$", text) or re.search(r"[가-힣](?:면|서|고|데|때|에|에서|로|까지)$", subject):
        return None
    if len(subject.split()) > 4 or re.search(r"\d[^가-힣]*(?:입니다)\.$", text) or "," in text[: topic.end() + 10]:
        return None
    return "definition", f"{with_particle(subject, '은')} 무엇인가요?"


def _base(verb: str) -> str:
    return "have" if verb == "has" else verb.rstrip("s")
