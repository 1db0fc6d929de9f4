"""What a question asks for: told from its wording, Korean or English."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from shared.text.language import Language, detect_language

_TYPES: dict[str, re.Pattern[str]] = {
    name: re.compile(pattern, re.IGNORECASE)
    for name, pattern in {
        "number": r"\bhow (?:many|much|long|often|far|fast|big|large|old|high|soon|late|early)\b|\bwhat (?:is the )?"
        r"(?:maximum|minimum|limit|price|rate|size|number|percentage|amount)|얼마|몇\s*\S|최대|최소"
        r"|한도|기간|며칠|몇",
        "when": r"\bwhen\b|\bwhat (?:time|date|day|year)\b|\bwhich (?:day|year)\b|언제|며칠|몇\s*시",
        "command": r"\bcommands?\b|\bendpoints?\b|\bwhich (?:api|call|request|header|parameter)\b|\bcli\b"
        r"|명령|엔드포인트"
        r"|어떤 (?:API|요청|헤더)",
        "procedure": r"\bhow (?:do|can|should|would|to|does one)\b|\bsteps?\b|\bprocedure\b|\bwhat should (?:i"
        r"|we|you)\b"
        r"|\bwhat (?:do|must|can) (?:i|we|you) do\b|어떻게 (?:하|해|확인|설정|신청|처리|조치|등록"
        r"|변경)|방법|절차|순서|하려면",
        "definition": r"^what (?:is|are) (?:an? |the )?[\w\s\-/`]{1,40}\??$|\bwhat does .* mean\b|\bdefine\b|뜻"
        r"|의미|(?:이|란)?란 무엇|무엇(?:인가|입니까|이에요|을 말)",
        "reason": r"\bwhy\b|\breasons?\b|\bcauses?\b|왜|이유|원인|때문",
        "yesno": r"^(?:is|are|do|does|did|can|could|may|must|should|will|has|have|was|were)\b|(?:있나요"
        r"|되나요|하나요|인가요|가능한가요|가능합니까|됩니까|있습니까)\s*\?*$",
        "who": r"\bwho(?:m|se)?\b|누가|누구|담당",
        "where": r"\bwhere\b|어디",
        "several": r"\b(?:what|which) (?:\w+ )?(?:are|types|kinds|conditions|options|fields|values)\b"
        r"|\b(?:two|three|four|several|both) \w+s\b|\blist\b|어떤 것들|종류|무엇들|(?:두|세|네) "
        r"가지|각각",
    }.items()
}

TYPES = tuple(_TYPES)


@dataclass(frozen=True)
class Question:
    """A question, its language and the names of all types that its wording fits."""

    text: str
    language: Language
    types: frozenset[str]


@lru_cache(maxsize=8192)
def read_question(text: str) -> Question:
    """The question understood. An empty text fits no type."""
    types = {name for name, pattern in _TYPES.items() if pattern.search(text.strip())}
    if re.search(r"어떻게|무엇|얼마|언제|어디|누구|어떤|몇", text):
        types.discard("yesno")
    return Question(text, detect_language(text), frozenset(types))
