"""Whether an answer says that the documents do not answer. Pure; English and Korean.

An answer that names a source, or says much, is none, whatever its words.
"""

from __future__ import annotations

import re

from shared.text.links import find_links

MOST_WORDS = 40

_SOURCES = r"(?:documents?|sources?|pages?|guides?|texts?|manuals?|context|passages?|materials?|documentation)"
_TELL = r"(?:answer|contain|mention|provide|say|cover|include|specif|describe|state|give|tell|discuss|address|explain)"
_REFUSES = re.compile(
    rf"\b{_SOURCES}\b[^.\n]{{0,60}}(?:\bnot\b|n't\b|\bnever\b)[^.\n]{{0,30}}\b{_TELL}"
    rf"|\b{_SOURCES}\b[^.\n]{{0,30}}\b(?:{_TELL}\w*|ha(?:s|ve))\s+(?:nothing|no)\b"
    rf"|(?:\bnot\b|n't\b|\bcannot\b|\bunable to\b|\bno\b|\bnothing\b)[^.\n]{{0,60}}"
    rf"\b(?:in|from|by|on|within)\b[^.\n]{{0,20}}\b{_SOURCES}\b"
    r"|\bI\b[^.\n]{0,20}(?:\bcannot\b|\bunable\b|\b(?:can|could|do)(?:n't| not)\b)[^.\n]{0,20}"
    r"\b(?:answer|find|know|tell|determine|say)\b"
    r"|\b(?:no|not enough|insufficient)\s+(?:\w+\s+){0,2}information\b"
    r"|(?:문서|자료)[^.\n]{0,30}(?:내용|정보|답변?|언급|설명|기재|나와)[^.\n]{0,12}(?:없|않)"
    r"|(?:내용|정보|답변?|언급|설명)(?:이|은|는|가|도)?\s*(?:없습니다|없다|없어요|없음)"
    r"|(?:찾을|확인할|답(?:변)?할|알) 수 없",
    re.IGNORECASE,
)


def is_refusal(answer: str) -> bool:
    """Whether the answer refuses: no link in it, at most ``MOST_WORDS`` words, and words that say so."""
    return len(answer.split()) <= MOST_WORDS and bool(_REFUSES.search(answer)) and not find_links(answer)
