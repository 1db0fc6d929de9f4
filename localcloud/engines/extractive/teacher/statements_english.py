"""English sentences turned into questions, by a table of patterns."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from localcloud.engines.extractive.teacher.phrases import imperative

Lower = Callable[[str], str]
"""Lower-cases the first letter of what is no name."""
Write = Callable[[re.Match[str], Lower], str]

_OPEN = re.compile(
    r"\b(?:it|they|them|this|these|those|your?|its|their|he|she|such|other)\b"
    r"|\b(?:longer|shorter|higher|lower|more|less)\b(?!.* than)"
)
"""Words in a condition that only the sentences before it explain."""
_MOST_SUBJECT_WORDS = 20


@dataclass(frozen=True)
class Asked:
    """A question with its kind and what it is about."""

    kind: str
    question: str
    subject: str


def ask(text: str, low: Lower) -> Asked | None:
    """The question that the first fitting pattern makes of a sentence; None when none fits."""
    for kind, pattern, write in _PATTERNS:
        match = pattern.search(text)
        if match is None:
            continue
        subject = match["s"]
        if subject and len(subject.split()) <= _MOST_SUBJECT_WORDS and (question := write(match, low)):
            return Asked(kind, question, subject)
        return None
    return None


def _condition(match: re.Match[str], low: Lower) -> str:
    if _OPEN.search(match["s"]):
        return ""
    when = f"{match['w'].lower()} {match['s']}"
    return f"What should I do {when}?" if imperative(match["r"]) else f"What happens {when}?"


def _lasts(match: re.Match[str], low: Lower) -> str:
    subject, verb = low(match["s"]), match["v"]
    if verb.startswith("expire"):
        return f"After how long {'does' if verb.startswith('expires') else 'do'} {subject} expire?"
    return f"How long does {subject} {verb.rstrip('s')}?" if verb.endswith("s") else f"How long do {subject} {verb}?"


def _has(match: re.Match[str], low: Lower) -> str:
    verb = "have" if match["v"] == "has" else match["v"].rstrip("s")
    return f"How many {match['o']} does {low(match['s'])} {verb}?"


_UNIT = r"(?:seconds?|minutes?|hours?|(?:business |calendar |working )?days?|weeks?|months?|years?)"
_AMOUNT = rf"(?:up to |at most |about |exactly )?(?:\d[\d,.]*|an?|one|two|three|five|ten)\s+{_UNIT}\b"
_SUBJECT = r"^(?P<s>[A-Z`][^,;:]{2,60}?)"
_DONE = rf"{_SUBJECT} (?P<be>is|are|was|were) (?P<v>\w+(?:ed|pt|lid|ive|able|nt|set|id)(?: \w+)?)"

_PATTERNS: tuple[tuple[str, re.Pattern[str], Write], ...] = (
    ("condition", re.compile(r"^(?P<w>If|When) (?P<s>[^,]{12,110}), (?P<r>(?!which\b).{12,})\.$"), _condition),
    ("duration", re.compile(rf"{_DONE} for {_AMOUNT}"), lambda m, low: f"How long {m['be']} {low(m['s'])} {m['v']}?"),
    (
        "interval",
        re.compile(rf"{_DONE} every {_AMOUNT}"),
        lambda m, low: f"How often {m['be']} {low(m['s'])} {m['v']}?",
    ),
    (
        "deadline",
        re.compile(rf"{_DONE} (?:within|after) {_AMOUNT}"),
        lambda m, low: f"When {m['be']} {low(m['s'])} {m['v']}?",
    ),
    ("duration", re.compile(rf"{_SUBJECT} (?P<v>lasts?|takes?|expires? after) {_AMOUNT}"), _lasts),
    (
        "limit",
        re.compile(
            rf"{_SUBJECT} (?P<m>may|can|must) (?P<v>have|hold|contain|use|include|send|carry|run|register) "
            r"(?:up to|at most|no more than) \d[\d,.]* (?P<o>[a-z]+s)\b"
        ),
        lambda m, low: f"How many {m['o']} {m['m']} {low(m['s'])} {m['v']}?",
    ),
    (
        "limit",
        re.compile(
            rf"{_SUBJECT} (?P<v>holds|has|supports|accepts|allows|contains) "
            r"(?:up to |at most )?\d[\d,.]* (?P<o>[a-z]+s)\b"
        ),
        _has,
    ),
    (
        "definition",
        re.compile(
            r"^(?P<s>(?:(?:The|A|An) )?[\w`/.\- ]{2,45}?) (?P<be>is|are) (?:an?|the) "
            r"(?!same|only|last|first)\w+.{20,}\.$"
        ),
        lambda m, low: f"What {m['be']} {low(m['s'])}?",
    ),
    (
        "set",
        re.compile(r"^(?P<s>The [\w`/.\- ]{3,50}?) is set to \S"),
        lambda m, low: f"What is {low(m['s'])} set to?",
    ),
)
