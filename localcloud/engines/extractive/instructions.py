"""What a system prompt asks of an answer, read with a table of phrases, English and Korean.

A base model obeys what it recognises and is wordy about the rest; nothing here looks at documents or questions.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any, Literal

Cite = Literal["unasked", "none", "all", "used"]
LinkFormat = Literal["markdown", "sources", "numbers"]


@dataclass(frozen=True)
class Instructions:
    """None and ``unasked`` mean that the prompt says nothing about it."""

    sentences: int | None = None
    words: int | None = None
    tone: Literal["brief", "detailed"] | None = None
    cite: Cite = "unasked"
    links: LinkFormat = "markdown"
    label: str | None = None
    steps: bool | None = None
    commands: bool | None = None
    preamble: bool | None = None
    echo: bool | None = None
    language: Literal["en", "ko"] | None = None


_NUMBERS = {"one": 1, "a single": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6,
            "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6}
_COUNT = r"(\d+|one|a single|two|three|four|five|six|한|두|세|네|다섯|여섯)"
_UP_TO = r"(?:at most|no more than|up to|maximum of|max\.?|not more than|within|in|under|fewer than|less than|exceed|limit\w* (?:\w+ ){0,3}to)"
_SENTENCES = re.compile(
    rf"{_UP_TO}\s+(?:\w+ (?:to|or) |\d+\s*[-–]\s*)?{_COUNT}\s+(?:\w+ )?sentences?|{_COUNT}\s+(?:\w+ )?sentences?\s+(?:or (?:less|fewer)|at most|maximum)|{_COUNT}\s*(?:개의?\s*)?문장"
    rf"|\b(?:\w+|\d+)\s*(?:to|or|-|–)\s*{_COUNT} sentences", re.I)
_WORDS = re.compile(rf"{_UP_TO}\s+(?:about |around )?(\d+)\s+words|(\d+)\s+words\s+(?:or (?:less|fewer)|at most|maximum)|(\d+)\s*(?:단어|어절)", re.I)

_PHRASES: tuple[tuple[str, dict[str, Any]], ...] = (
    (r"\b(?:concise\w*|brief\w*|short(?:ly)?|terse|to the point|succinct\w*|compact)\b|간결|짧게|간단|간략|핵심만", {"tone": "brief"}),
    (r"\b(?:detailed?|thorough\w*|comprehensive\w*|in depth|elaborate|exhaustive\w*|full explanation)\b|자세|상세|구체적으로|충분히", {"tone": "detailed"}),
    (r"\b(?:cite|citations?|sources?|references?|links?|urls?)\b|출처|링크|인용|참고 문서", {"cite": "all"}),
    (r"(?:only|just|exactly)\b[^.\n]{0,60}\b(?:documents?|sources?|links?|pages?)\b[^.\n]{0,50}(?:rests?|rely|relies|used|uses?|support\w*|based|need\w*|comes? from|taken|contain\w*)"
     r"|\b(?:documents?|sources?|links?|pages?|ones)\b[^.\n]{0,60}(?:rests? on|rely on|relies on|actually use\w*|you (?:\w+ )?used?|support\w*|draws? on|is based on|are based on|comes? from|is taken from)"
     r"|근거(?:가 된|로 (?:한|삼은|쓴|사용한)|한)?[^.\n]{0,20}(?:문서|출처|링크)|(?:사용한|쓴|참고한|실제로)[^.\n]{0,20}(?:문서|출처|링크)[^.\n]{0,10}만|(?:문서|출처|링크)만", {"cite": "used"}),
    (r"\b(?:do not|don't|never|without|no)\s+(?:add |give |include |any |the |use |cite |list )*(?:citations?|links?|urls?|sources?|references?|cite)\b(?!\s+(?:that|which|not|you|to|from|other|beyond|outside))"
     r"|(?:링크|출처)(?:는|를|은)? (?:넣지|쓰지|적지|달지|표시하지)", {"cite": "none"}),
    (r"\bsources?:\s*<|출처:\s*<|<url>|<https?:|angle brackets?|꺾쇠", {"links": "sources"}),
    (r"\blast line\b|\bfinal line\b|\bend (?:the answer )?with (?:a |one )?line\b|\bone line\b[^.\n]{0,40}(?:links?|sources?)|마지막 줄|끝에 한 줄", {"links": "sources"}),
    (r"\[n\]|\[1\]|bracketed numbers?|document numbers?|문서 번호", {"links": "numbers"}),
    (r"markdown links?|\[title\]\(url\)|\[제목\]\(", {"links": "markdown"}),
    (r"numbered (?:list|steps?)|step[- ]by[- ]step|steps? (?:as|in) (?:a )?number|as steps|번호(?:를|가)? ?(?:매|붙|있는)|번호 목록|단계별|순서대로", {"steps": True}),
    (r"(?:commands?|code|parameters?|file names?|identifiers?|values?)[^.\n]{0,80}(?:backtick|code (?:block|format|font|span)|inline code|monospace|`)"
     r"|(?:backtick|code (?:block|format|span)|inline code)[^.\n]{0,80}(?:commands?|code|parameters?)|코드 (?:블록|서식|형식)|백틱|(?:명령|코드)[^.\n]{0,30}`", {"commands": True}),
    (r"\bno (?:preamble|introduction|greeting|filler|opening)|without (?:any |a )?(?:preamble|introduction|greeting|filler|repeating|opening)|answer (?:directly|first)|(?:start|begin|open|lead) (?:directly )?with the answer|directly|straight"
     r"|(?:서두|인사말|머리말|서론|군말) ?(?:없이|은|을|를)|바로 답|곧바로|답부터", {"preamble": False}),
    (r"\b(?:greet|introductory sentence|start with a (?:short |brief )?introduction)\b|인사말로 시작|도입 문장", {"preamble": True}),
    (r"(?:restate|repeat|echo|name|take up|pick up)\w* (?:the |what the )?(?:question|subject)|full sentences?(?: that)? (?:restat|repeat|nam)\w*|질문(?:의 (?:말|주어|표현)|을)[^.\n]{0,12}(?:되풀이|반복|받아|넣어)", {"echo": True}),
    (r"(?:answer|reply|respond|write)\w* (?:only |always )?in english|영어로", {"language": "en"}),
    (r"(?:answer|reply|respond|write)\w* (?:only |always )?in korean|한국어로", {"language": "ko"}),
)
_TABLE = tuple((re.compile(pattern, re.IGNORECASE), asks) for pattern, asks in _PHRASES)
_CONDITIONAL = re.compile(r"(?:^|(?<=[.!?\n]))[-*\s]*(?:if|when|where|unless)\b[^.\n]*|[^.\n]*(?:없으면|않으면|모르면|없을 때|없는 경우)[^.\n]*", re.I)
"""What is to be done in a particular case ("If they do not say, answer in one sentence") is no rule for every answer."""
_LABEL = re.compile(r"((?:Sources?|References?|Links?|See|출처|참고|근거|관련 문서)\s*:)\s*(?:<|\[|http)", re.IGNORECASE)


@lru_cache(maxsize=256)
def read_instructions(system: str) -> Instructions:
    """What the prompt asks. Later phrases of the table overrule earlier ones where both are found."""
    found = Instructions()
    for pattern, asks in _TABLE:
        if pattern.search(system):
            found = replace(found, **asks)
    label = _LABEL.search(system)
    always = _CONDITIONAL.sub("", system)
    return replace(
        found, sentences=_limit(_SENTENCES, always), words=_limit(_WORDS, always), label=label[1] if label else None
    )


def _limit(pattern: re.Pattern[str], system: str) -> int | None:
    """The smallest limit named."""
    found = [next(group for group in match.groups() if group) for match in pattern.finditer(system)]
    counts = [int(text) if text.isdigit() else _NUMBERS[text.lower()] for text in found]
    return min((count for count in counts if count > 0), default=None)
