"""The phrases by which system prompts ask for things, English and Korean: what is meant, and how it is said."""

from __future__ import annotations

import re
from typing import Any

_LINKED = r"\b(?:documents?|sources?|links?|pages?|ones)\b"
_SHOWN = r"(?:backtick|code (?:block|format|font|span)|inline code|monospace|`)"

_SAID: tuple[tuple[dict[str, Any], tuple[str, ...]], ...] = (
    (
        {"tone": "brief"},
        (
            r"\b(?:concise\w*|brief\w*|short(?:ly)?|terse|to the point|succinct\w*|compact)\b",
            r"간결|짧게|간단|간략|핵심만",
        ),
    ),
    (
        {"tone": "detailed"},
        (
            r"\b(?:in detail|detailed|thorough\w*|comprehensive\w*|in depth|elaborate|exhaustive\w*"
            r"|full explanation)\b",
            r"자세|상세|구체적으로|충분히",
        ),
    ),
    ({"cite": "all"}, (r"\b(?:cite|citations?|sources?|references?|links?|urls?)\b", r"출처|링크|인용|참고 문서")),
    (
        {"cite": "used"},
        (
            rf"(?:only|just|exactly)\b[^.\n]{{0,60}}{_LINKED}[^.\n]{{0,50}}"
            r"(?:rests?|rely|relies|used|uses?|support\w*|based|need\w*|comes? from|taken|contain\w*)",
            rf"{_LINKED}[^.\n]{{0,60}}(?:rests? on|rel(?:y|ies) on|actually use\w*|you (?:\w+ )?used?|support\w*"
            r"|draws? on|(?:is|are) based on|comes? from|is taken from)",
            r"근거(?:가 된|로 (?:한|삼은|쓴|사용한)|한)?[^.\n]{0,20}(?:문서|출처|링크)",
            r"(?:사용한|쓴|참고한|실제로)[^.\n]{0,20}(?:문서|출처|링크)[^.\n]{0,10}만|(?:문서|출처|링크)만",
        ),
    ),
    (
        {"cite": "none"},
        (
            r"\b(?:do not|don't|never|without|no)\s+(?:add |give |include |any |the |use |cite |list )*"
            r"(?:citations?|links?|urls?|sources?|references?|cite)\b"
            r"(?!\s+(?:that|which|not|you|to|from|other|beyond|outside))",
            r"(?:링크|출처)(?:는|를|은)? (?:넣지|쓰지|적지|달지|표시하지)",
        ),
    ),
    (
        {"links": "sources"},
        (
            r"\bsources?:\s*<|출처:\s*<|<url>|<https?:|angle brackets?|꺾쇠",
            r"\b(?:last|final) line\b|\bend (?:the answer )?with (?:a |one )?line\b",
            r"\bone line\b[^.\n]{0,40}(?:links?|sources?)|마지막 줄|끝에 한 줄",
        ),
    ),
    ({"links": "numbers"}, (r"\[n\]|\[1\]|bracketed numbers?|document numbers?|문서 번호",)),
    ({"links": "markdown"}, (r"markdown links?|\[title\]\(url\)|\[제목\]\(",)),
    (
        {"steps": True},
        (
            r"\bnumber the steps\b|numbered (?:list|steps?)|step[- ]by[- ]step|steps? (?:as|in) (?:a )?number|as steps",
            r"번호(?:를|가)? ?(?:매|붙|있는)|번호 목록|단계별|순서대로",
        ),
    ),
    (
        {"commands": True},
        (
            rf"(?:commands?|code|parameters?|file names?|identifiers?|values?)[^.\n]{{0,80}}{_SHOWN}",
            rf"{_SHOWN}[^.\n]{{0,80}}(?:commands?|code|parameters?)",
            r"코드 (?:블록|서식|형식)|백틱|(?:명령|코드)[^.\n]{0,30}`",
        ),
    ),
    (
        {"preamble": False},
        (
            r"\b(?:no|without (?:any |a )?)\s?(?:preamble|introduction|greeting|filler|repeating|opening)",
            r"answer (?:directly|first)|(?:start|begin|open|lead) (?:directly )?with the answer"
            r"|\bdirect(?:ly)?\b|straight",
            r"(?:서두|인사말|머리말|서론|군말) ?(?:없이|은|을|를)|바로 답|곧바로|답부터",
        ),
    ),
    (
        {"preamble": True},
        (
            r"\b(?:greet the|introductory sentence|start with a (?:short |brief )?introduction)\b"
            r"|인사말로 시작|도입 문장",
        ),
    ),
    (
        {"echo": True},
        (
            r"\b(?:restate|repeat|echo|take up|pick up)\w* (?:the |what the )?(?:question|subject)",
            r"질문(?:의 (?:말|주어|표현)|을)[^.\n]{0,12}(?:되풀이|반복|받아|넣어)",
        ),
    ),
    ({"language": "en"}, (r"(?:answer|reply|respond|write)\w* (?:only |always )?in english|영어로",)),
    ({"language": "ko"}, (r"(?:answer|reply|respond|write)\w* (?:only |always )?in korean|한국어로",)),
)

WISHES = tuple((re.compile("|".join(ways), re.IGNORECASE), asks) for asks, ways in _SAID)
"""Pattern and fields of Instructions that it sets, in order: later ones overrule earlier ones."""

NUMBERS = {
    "one": 1,
    "a single": 1,
    "two": 2,
    "three": 3,
    "four": 4,
    "five": 5,
    "six": 6,
    "한": 1,
    "두": 2,
    "세": 3,
    "네": 4,
    "다섯": 5,
    "여섯": 6,
}
_COUNT = rf"(\d+|{'|'.join(NUMBERS)})"
_UP_TO = (
    r"(?:at most|no more than|up to|maximum of|max\.?|not more than|within|in|under|fewer than|less than|exceed"
    r"|limit\w* (?:\w+ ){0,3}to)"
)
_OR_LESS = r"\s+(?:or (?:less|fewer)|at most|maximum)"
SENTENCES = re.compile(
    rf"{_UP_TO}\s+(?:\w+ (?:to|or) |\d+\s*[-–]\s*)?{_COUNT}\s+(?:\w+ )?sentences?"
    rf"|{_COUNT}\s+(?:\w+ )?sentences?{_OR_LESS}|{_COUNT}\s*(?:개의?\s*)?문장"
    rf"|\b(?:\w+|\d+)\s*(?:to|or|-|–)\s*{_COUNT} sentences",
    re.IGNORECASE,
)
"""A limit in sentences; one of the groups is the number."""
WORDS = re.compile(
    rf"{_UP_TO}\s+(?:about |around )?(\d+)\s+words|(\d+)\s+words{_OR_LESS}|(\d+)\s*(?:단어|어절)", re.IGNORECASE
)
"""A limit in words; one of the groups is the number."""
CONDITIONAL = re.compile(
    r"(?:^|(?<=[.!?\n]))[-*\s]*(?:if|when|where|unless)\b[^.\n]*"
    r"|[^.\n]*(?:없으면|않으면|모르면|없을 때|없는 경우)[^.\n]*",
    re.IGNORECASE,
)
"""What is to be done in some case ("If they do not say, answer in one sentence") is no rule for every answer."""
LABEL = re.compile(r"((?:Sources?|References?|Links?|See|출처|참고|근거|관련 문서)\s*:)\s*(?:<|\[|http)", re.IGNORECASE)
