"""How a matched English sentence becomes a question: one writer for each kind of sentence.

A writer gives no wording where the subject is more than a plain name, or where only other sentences explain it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from localcloud.engines.extractive.teacher import verbs_english
from localcloud.engines.extractive.teacher.phrases import imperative

Lower = Callable[[str], str]
"""Lower-cases the first letter of what is no name."""
Write = Callable[[re.Match[str], Lower], tuple[str, ...]]

_OPEN = re.compile(
    r"\b(?:it|they|them|this|these|those|its|their|he|she|such|other|latter|former|so|that case|any of)\b"
    r"|\b(?:longer|shorter|higher|lower|more|less|same)\b(?!.* than)"
)
"""Words that only the sentences before explain."""
_YOURS = re.compile(r"\b(?:you|your)\b")
_CLAUSE = re.compile(
    r"\b(?:is|are|was|were|has|have|had|can|may|must|will|should|does|do|that|which|who|when|if|because|where|whether"
    r"|you|we|I|it|they|also|then|but|not|only|however|see|there|this|these)\b",
    re.IGNORECASE,
)
"""Words that no plain subject holds."""
_START = re.compile(
    r"^(?:For|In|On|At|From|With|By|To|Of|As|During|After|Before|Under|Over|Like|Unlike|Via|Through|Within|Since|Per|No"
    r"|None|Nothing|Neither|Only|Even|Because|While|Although|Whenever|Where|How|What|Why|Who|Currently|Once|Each|Every)\b"
)
"""Beginnings of what is no plain subject."""
_ADVERB = re.compile(r"\b(?:always|never|often|now|still|\w+ly)$")
_ALMOST = re.compile(r"\bonly\b|\b(?:even|except|and|or|but|as)$")


def condition(match: re.Match[str], low: Lower) -> tuple[str, ...]:
    if _OPEN.search(match["s"]):
        return ()
    when = f"{match['w'].lower()} {_mine(match['s'])}"
    if imperative(match["r"]) or re.match(
        r"(?:you|we) (?:should(?! be able)|must|need to|have to)\b", match["r"], re.I
    ):
        return (f"What should I do {when}?",)
    if re.match(r"(?:you|we) (?:can|may)\b", match["r"], re.I):
        return (f"What can I do {when}?",)
    return (f"What happens {when}?",)


def condition_last(match: re.Match[str], low: Lower) -> tuple[str, ...]:
    if _OPEN.search(match["r"]) or _YOURS.search(match["r"]) or _ALMOST.search(match["r"]):
        return ()
    return condition(match, low)


def event(match: re.Match[str], low: Lower) -> tuple[str, ...]:
    if _OPEN.search(match["s"]) or _YOURS.search(match["s"]):
        return ()
    if match["w"] in ("During", "Without") and _CLAUSE.search(match["s"]):
        return ()
    when = f"{match['w'].lower()} {match['s']}"
    return (f"What {'should I do' if imperative(match['r']) else 'happens'} {when}?",)


def purpose(match: re.Match[str], low: Lower) -> tuple[str, ...]:
    if _OPEN.search(match["s"]) or not imperative(match["s"]) or match["s"].startswith(("have ", "see ", "do ")):
        return ()
    what = _mine(match["s"])
    return (f"How do I {what}?", f"How can I {what}?")


def lasts(match: re.Match[str], low: Lower) -> tuple[str, ...]:
    if not _plain_subject(match["s"]):
        return ()
    subject, verb = low(match["s"]), match["v"]
    if verb.startswith("expires"):
        return (f"After how long does {subject} expire?",)
    return (f"How long does {subject} {verb.removesuffix('s')}?",)


def has(match: re.Match[str], low: Lower) -> tuple[str, ...]:
    if not _plain_subject(match["s"]):
        return ()
    verb = "have" if match["v"] == "has" else match["v"].rstrip("s")
    return (f"How many {match['o']} does {low(match['s'])} {verb}?",)


def plain(question: str) -> Write:
    """Fills ``{s}`` with the subject and other braces with the match's groups; () for a subject that is a clause."""

    def write(match: re.Match[str], low: Lower) -> tuple[str, ...]:
        if not _plain_subject(match["s"]):
            return ()
        return (question.format(**{**match.groupdict(), "s": low(match["s"])}),)

    return write


def verb(match: re.Match[str], low: Lower) -> tuple[str, ...]:
    subject = match["s"]
    if not _plain_subject(subject) or " to " in subject or " and " in subject:
        return ()
    if not verbs_english.takes(match["v"], match["o"]):
        return ()
    return (f"What does {low(subject)} {verbs_english.base(match['v'])}?",)


def _plain_subject(subject: str) -> bool:
    """Whether a subject names a thing and nothing more."""
    if imperative(subject) or _START.match(subject) or _ADVERB.search(subject) or verbs_english.WORDS.search(subject):
        return False
    return not _CLAUSE.search(subject) and not _OPEN.search(subject)


def _mine(text: str) -> str:
    """What the text says to you, as I would ask it."""
    for yours, mine in (("yours", "mine"), ("your", "my"), ("yourself", "myself"), ("you are", "I am"), ("you", "I")):
        text = re.sub(rf"\b{yours}\b", mine, text)
    return text
