"""Per-sample filters that need no model, in order. Each says why it refuses; what is refused is kept with that."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass

from schemas.artifacts import Chunk
from schemas.recipe import AnswerLength, Filters
from shared.text.language import detect_language
from shared.text.links import find_links
from shared.text.quotes import squeeze
from workers.synthetic_gen.plan import Call, Slot
from workers.synthetic_gen.replies import Draft

_SPEAKS_OF_DOCUMENTS = re.compile(
    r"\b(?:according to|in|from|of|by) (?:the|this|that|these|a given) (?:(?:given|provided|above|following) )?"
    r"(?:documents?|text|passages?|excerpts?|context)\b"
    r"|\b(?:do|does|did) the (?:documents?|text|passages?|excerpts?|context) (?:say|state|mention|tell)\b"
    r"|\b(?:the|this) (?:given |provided |above )(?:documents?|text|passages?|excerpts?|context)\b"
    r"|(?:위|주어진|제공된|본|해당) ?(?:문서|글|지문|본문|텍스트|자료)(?:에|의|은|는|를|을|로|와|상)",
    re.IGNORECASE,
)
_MARKUP = re.compile(r"</?(?:documents?|title|question|answer|task|examples|reply|problem)\b", re.IGNORECASE)
_STEP_NUMBER = re.compile(r"^\s*\d{1,2}[.)]\s", re.MULTILINE)
_FIGURE = re.compile(r"\d+(?:[.,:]\d+)*")
_CODE = re.compile(r"`([^`\n]+)`")
_TELLING_WORDS = 4
"""An answer of fewer words may be names alone, which have no language."""


@dataclass(frozen=True)
class Setting:
    """What a draft is judged against."""

    call: Call
    slot: Slot
    language: str
    length: AnswerLength
    filters: Filters

    def cited(self, draft: Draft) -> list[Chunk]:
        """The cited chunks, in the draft's order, each once. Citations must be known to be good."""
        return [self.call.chunks[number - 1] for number in dict.fromkeys(draft.citations)]


Filter = Callable[[Draft, Setting], str | None]
"""Returns why a draft is refused, or None."""


def evidence_is_verbatim(draft: Draft, setting: Setting) -> str | None:
    chunks, proven = setting.call.chunks, set[int]()
    for part in draft.evidence:
        quote = squeeze(part.quote)
        if not 1 <= part.document <= len(chunks) or quote not in squeeze(chunks[part.document - 1].text):
            return f"evidence {quote[:80]!r} does not stand in document {part.document}"
        if len(quote) < setting.filters.evidence_chars:
            return f"evidence {quote!r} is shorter than {setting.filters.evidence_chars} characters"
        proven.add(part.document)
    bare = [number for number in draft.citations if number not in proven]
    return f"document {bare[0]} is cited without evidence" if bare else None


def cites_what_was_asked(draft: Draft, setting: Setting) -> str | None:
    shown, cited = len(setting.call.chunks), set(draft.citations)
    wrong = [number for number in draft.citations if not 1 <= number <= shown]
    if wrong:
        return f"cites document {wrong[0]}, but {shown} were shown"
    missing = [number for number in setting.slot.about if number not in cited]
    if draft.type == "multi_hop" and missing:
        return f"does without document {missing[0]}, which it shall need"
    return "rests on one document, but claims to need several" if draft.type == "multi_hop" and len(cited) < 2 else None


def writes_no_links(draft: Draft, setting: Setting) -> str | None:
    links = find_links(f"{draft.question}\n{draft.answer}")
    return f"writes the link {links[0]} instead of citing a number" if links else None


def is_in_language(draft: Draft, setting: Setting) -> str | None:
    for part, text in (("question", draft.question), ("answer", draft.answer)):
        telling = part == "question" or len(_CODE.sub("", text).split()) >= _TELLING_WORDS
        if telling and (found := detect_language(text)) != setting.language:
            return f"the {part} is in {found}, asked for {setting.language}"
    return None


def is_of_house_length(draft: Draft, setting: Setting) -> str | None:
    words, length = len(draft.answer.split()), setting.length
    if words > length.most:
        return f"answer has {words} words, at most {length.most} allowed"
    return f"answer has {words} words, at least {length.least} expected" if words < length.least else None


def stands_by_itself(draft: Draft, setting: Setting) -> str | None:
    text = f"{draft.question}\n{draft.answer}"
    if found := _SPEAKS_OF_DOCUMENTS.search(text):
        return f"speaks of its source: {found[0]!r}"
    found = _MARKUP.search(text)
    return f"contains the prompt's markup {found[0]!r}" if found else None


def says_what_is_cited(draft: Draft, setting: Setting) -> str | None:
    """Figures and code of the answer stand in the cited text, or in the question: a claim check that no model makes."""
    known = squeeze(" ".join([*(chunk.text for chunk in setting.cited(draft)), draft.question]))
    headings = " ".join(heading for chunk in setting.cited(draft) for heading in chunk.section)
    figures = set(_FIGURE.findall(f"{known} {headings}".replace(",", "")))
    for figure in _FIGURE.findall(_STEP_NUMBER.sub("", draft.answer).replace(",", "")):
        if figure not in figures:
            return f"{figure} stands in no cited document"
    for code in _CODE.findall(draft.answer):
        if squeeze(code) not in known:
            return f"`{code}` stands in no cited document"
    return None


FILTERS: dict[str, Filter] = {
    "evidence": evidence_is_verbatim,
    "citation": cites_what_was_asked,
    "links": writes_no_links,
    "language": is_in_language,
    "length": is_of_house_length,
    "style": stands_by_itself,
    "ungrounded": says_what_is_cited,
}
"""Rejection code → filter. ``schema``, ``refused`` and ``truncated`` come before; ``ungrounded`` (by a model),
``closed_book``, ``guardrail``, ``duplicate`` and ``near_duplicate`` after."""


def judge(draft: Draft, setting: Setting) -> tuple[str, str] | None:
    """The first filter that refuses: (code, message); None when the draft is good."""
    for code, refuses in FILTERS.items():
        if (message := refuses(draft, setting)) is not None:
            return code, message
    return None


def question_key(question: str) -> str:
    """Two questions with one key are the same question."""
    return re.sub(r"[\W_]+", "", unicodedata.normalize("NFC", question).casefold())
