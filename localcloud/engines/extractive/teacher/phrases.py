"""Wording that all of the teacher's questions share: how things are named so that a question stands by itself."""

from __future__ import annotations

import re

from localcloud.engines.extractive.teacher.pair import Page
from localcloud.engines.extractive.terms import content_terms
from shared.text.language import Language

_CODE = re.compile(r"`[^`]+`|\b[A-Z][A-Z0-9]*[-_]?\d+\b|\b[A-Z]{2,}[-_][A-Z0-9_-]+\b")
_NAME_EN = re.compile(r"(?<=[a-z,] )[A-Z][a-z]+ [A-Z][a-z]+|(?<=[a-z,] )[A-Z]{2,}\b")
_NAME_KO = re.compile(r"[A-Z]{2,}|\d[A-Z]|[A-Z]\w*\d")
_CLAUSE = re.compile(
    r"\b(?:is|are|do|does|looks?|fails?|works?|stops?|moves?|reboots?|shows?|returns?|answers?|cannot|has|have|gets?"
    r"|drops?|arrives?|ends?|remains?|stays?|appears?|takes?|uses?|differs?|needs?|can|may|must|will|matches)\b"
    r"|\w+s (?:the|an?)\b"
)
_SENTENCE = re.compile(r"(?:다|요|오)[.!?]?$|[.!?]$")
_FINAL_M = 16  # ㅁ among the 28 final consonants of a syllable
_VERBS = frozenset(
    re.findall(
        r"\w+",
        """
    wait select activate set open check run use contact replace restart send renew retry read add turn enable disable
    install remove update configure request call press enter choose go make ask grant change switch connect verify
    confirm reset reboot upload download create delete register share raise lower reduce increase move put keep let
    give try sign log apply submit export import start stop pay lock unlock insert scan visit provide fix correct repeat
    collect look note record measure restore publish rotate double leave do have see tell close cancel
    show list display print view query get inspect export test""",
    )
)


def lower_first(text: str, page: Page) -> str:
    """Lower-case start inside a sentence, unless the first word is a name as far as the page shows."""
    words = re.findall(r"[A-Za-z]+", text)
    first = words[0] if words else ""
    word_like = first[:1].isupper() and (first[1:].islower() or len(first) == 1)
    if text.split(" ", 1)[0] in ("A", "An", "The"):
        return text[:1].lower() + text[1:]
    if not word_like or first == "I" or not text.startswith(first):
        return text
    ordinary = re.search(rf"(?<![\w`]){first.lower()}(?![\w`])", page.text) is not None
    plain = re.search(r"[a-z]s$|[a-z]ing$", first) and not re.search(rf"[a-z,] {first}\b", page.text)
    if ordinary or plain or (len(words) > 1 and all(word.islower() for word in words[1:])):
        return text[:1].lower() + text[1:]
    return text


def ended(text: str) -> str:
    """Text that ends as a sentence does."""
    text = text.strip()
    return text if text.endswith((".", "!", "?", "…", "`\n", "```")) else f"{text.rstrip(':;,')}."


def sentence_like(text: str) -> bool:
    """Whether a table cell or an item is a whole sentence."""
    return bool(_SENTENCE.search(text.strip()))


def clause(text: str) -> bool:
    """Whether an English label says that something happens, rather than names a thing."""
    return bool(_CLAUSE.search(text))


def nominalised(text: str) -> bool:
    """Whether Korean text ends in a verb made a noun (…음, …함, …남), which "입니다" cannot follow well."""
    last = text.rstrip(".)")[-1:]
    ends_in_m = "가" <= last <= "힣" and (ord(last) - ord("가")) % 28 == _FINAL_M
    return (ends_in_m and not text.endswith(("금", "이름", "처음", "점", "음", "팀"))) or text.endswith(
        ("없음", "않음", "있음", "넘음", "꽂음", "같음", "받음")
    )


def imperative(text: str) -> bool:
    """Whether English text tells what to do."""
    first = re.match(r"[A-Za-z]+", text)
    acronym = first is not None and len(first[0]) > 1 and first[0].isupper()
    return first is not None and not acronym and first[0].lower() in _VERBS


def specific(text: str, language: Language) -> bool:
    """Whether a code, number or proper name makes clear what is meant."""
    names = _NAME_KO if language == "ko" else _NAME_EN
    return bool(_CODE.search(text) or names.search(text))


def placed(question: str, page: Page, heading: str) -> str:
    """The question, saying where it belongs when its own words leave that open."""
    subject = page.subject or heading
    if not subject or specific(question, page.language):
        return question
    shared = content_terms(question) & (content_terms(page.subject) | content_terms(heading))
    if page.language == "ko":
        return question if shared or len(question) > 35 or len(subject) > 30 else f"{subject}에서 {question}"
    about = content_terms(page.subject)
    if len(shared) > 1 or 2 * len(shared & about) >= len(about) > 0 or len(subject.split()) > 8:
        return question
    named = lower_first(subject, page) if sum(word[:1].isupper() for word in subject.split()) < 2 else subject
    return f"Regarding {named}, {question[:1].lower()}{question[1:]}"
