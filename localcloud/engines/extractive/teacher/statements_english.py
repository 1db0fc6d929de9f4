"""English sentences turned into questions, by a table of patterns: the first that fits decides."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from localcloud.engines.extractive.teacher import verbs_english
from localcloud.engines.extractive.teacher.pair import Type
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
_MOST_SUBJECT_WORDS = 20
FACT: tuple[Type, ...] = ("fact",)
TROUBLE: tuple[Type, ...] = ("troubleshooting", "fact")
PROCEDURE: tuple[Type, ...] = ("procedure", "fact")
DEFINITION: tuple[Type, ...] = ("definition", "fact")


@dataclass(frozen=True)
class Asked:
    """Wordings of a question with its types and what it is about."""

    types: tuple[Type, ...]
    questions: tuple[str, ...]
    subject: str


def ask(text: str, low: Lower) -> Asked | None:
    """The question that the first fitting pattern makes of a sentence; None when none fits."""
    if imperative(text) and not _PURPOSE_LAST.search(text):
        return None
    for types, pattern, write in _PATTERNS:
        match = pattern.search(text)
        if match is None:
            continue
        subject = match["s"]
        if (
            len(subject.split()) > _MOST_SUBJECT_WORDS
            or subject.count("`") % 2
            or subject.count("(") != subject.count(")")
        ):
            continue
        if questions := write(match, low):
            advised = any(question.startswith("What should I do") for question in questions)
            return Asked(TROUBLE if advised and types == FACT else types, questions, subject)
    return None


def _condition(match: re.Match[str], low: Lower) -> tuple[str, ...]:
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


def _condition_last(match: re.Match[str], low: Lower) -> tuple[str, ...]:
    if _OPEN.search(match["r"]) or _YOURS.search(match["r"]) or _ALMOST.search(match["r"]):
        return ()
    return _condition(match, low)


def _event(match: re.Match[str], low: Lower) -> tuple[str, ...]:
    if _OPEN.search(match["s"]) or _YOURS.search(match["s"]):
        return ()
    if match["w"] in ("During", "Without") and _CLAUSE.search(match["s"]):
        return ()
    when = f"{match['w'].lower()} {match['s']}"
    return (f"What {'should I do' if imperative(match['r']) else 'happens'} {when}?",)


def _purpose(match: re.Match[str], low: Lower) -> tuple[str, ...]:
    if _OPEN.search(match["s"]) or not imperative(match["s"]) or match["s"].startswith(("have ", "see ", "do ")):
        return ()
    what = _mine(match["s"])
    return (f"How do I {what}?", f"How can I {what}?")


def _lasts(match: re.Match[str], low: Lower) -> tuple[str, ...]:
    if not _plain_subject(match["s"]):
        return ()
    subject, verb = low(match["s"]), match["v"]
    if verb.startswith("expires"):
        return (f"After how long does {subject} expire?",)
    return (f"How long does {subject} {verb.removesuffix('s')}?",)


def _has(match: re.Match[str], low: Lower) -> tuple[str, ...]:
    if not _plain_subject(match["s"]):
        return ()
    verb = "have" if match["v"] == "has" else match["v"].rstrip("s")
    return (f"How many {match['o']} does {low(match['s'])} {verb}?",)


def _plain(question: str) -> Write:
    """Fills ``{s}`` with the subject and other braces with the match's groups; () for a subject that is a clause."""

    def write(match: re.Match[str], low: Lower) -> tuple[str, ...]:
        if not _plain_subject(match["s"]):
            return ()
        return (question.format(**{**match.groupdict(), "s": low(match["s"])}),)

    return write


def _verb(match: re.Match[str], low: Lower) -> tuple[str, ...]:
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


_UNIT = r"(?:seconds?|minutes?|hours?|(?:business |calendar |working )?days?|weeks?|months?|years?)"
_AMOUNT = rf"(?:up to |at most |about |exactly )?(?:\d[\d,.]*|an?|one|two|three|five|ten)\s+{_UNIT}\b"
_SUBJECT = r"^(?P<s>[A-Z`][^,;:]{2,60}?)"
_DONE = rf"{_SUBJECT} (?P<be>is|are|was|were) (?P<v>\w+(?:ed|pt|lid|ive|able|nt|set|id)(?: \w+)?)"
_PURPOSE_LAST = re.compile(
    r"^(?:Use|Run|Execute|Set|Send|Call|Open|Add|Create|Enable|Install|Select|Click) [^,;:]{3,80}? (?:in order )?to "
    r"(?P<s>[a-z]+ [^,;:]{6,90})\.$"
)

_PATTERNS: tuple[tuple[tuple[Type, ...], re.Pattern[str], Write], ...] = (
    (FACT, re.compile(r"^(?P<w>If|When|Once) (?P<s>[^,]{12,110}), (?P<r>(?!which\b).{12,})\.$"), _condition),
    (FACT, re.compile(r"^(?P<w>After|Without|Before|During) (?P<s>[^,]{8,80}), (?P<r>(?!which\b).{12,})\.$"), _event),
    (PROCEDURE, re.compile(r"^(?:In order )?[Tt]o (?P<s>[a-z]+ [^,:]{6,90}), .{10,}\.$"), _purpose),
    (PROCEDURE, _PURPOSE_LAST, _purpose),
    (
        PROCEDURE,
        re.compile(r"^You can (?:also )?(?P<s>[a-z]+ [^,;:]{6,80}?) (?:by|using|with|via|through|from) [^,]{4,}\.$"),
        _purpose,
    ),
    (FACT, re.compile(rf"{_DONE} for {_AMOUNT}"), _plain("How long {be} {s} {v}?")),
    (FACT, re.compile(rf"{_DONE} every {_AMOUNT}"), _plain("How often {be} {s} {v}?")),
    (FACT, re.compile(rf"{_DONE} (?:within|after) {_AMOUNT}"), _plain("When {be} {s} {v}?")),
    (FACT, re.compile(rf"{_SUBJECT} (?P<v>lasts|takes|expires after) {_AMOUNT}"), _lasts),
    (
        FACT,
        re.compile(
            rf"{_SUBJECT} (?P<m>may|can|must) (?P<v>have|hold|contain|use|include|send|carry|run|register) "
            r"(?:up to|at most|no more than) \d[\d,.]* (?P<o>[a-z]+s)\b"
        ),
        _plain("How many {o} {m} {s} {v}?"),
    ),
    (
        FACT,
        re.compile(
            rf"{_SUBJECT} (?P<v>holds|has|supports|accepts|allows|contains) "
            r"(?:up to |at most )?\d[\d,.]* (?P<o>[a-z]+s)\b"
        ),
        _has,
    ),
    (
        DEFINITION,
        re.compile(
            r"^(?P<s>(?:(?:The|A|An) )?[\w`/.\- ]{2,45}?) (?P<be>is|are) (?:an?|the) "
            r"(?!same|only|last|first)\w+.{20,}\.$"
        ),
        _plain("What {be} {s}?"),
    ),
    (FACT, re.compile(rf"{_SUBJECT} (?:is|are) set to \S"), _plain("What is {s} set to?")),
    (FACT, re.compile(rf"{_SUBJECT} costs? (?:KRW|USD|EUR|\$|€|₩)"), _plain("How much does {s} cost?")),
    (
        FACT,
        re.compile(
            rf"{_SUBJECT} (?P<be>is|are) (?P<v>(?:\w+ly )?(?:located|stored|saved|kept|written|installed|found|defined"
            r"|available|listed|shown|displayed|logged|hosted|generated|created)) (?:in|at|under|on|inside|to) \S"
        ),
        _plain("Where {be} {s} {v}?"),
    ),
    (FACT, re.compile(rf"{_SUBJECT} (?P<be>is|are) used (?:to|for) \S"), _plain("What {be} {s} used for?")),
    (FACT, re.compile(rf"{_SUBJECT} can be used (?:to|for|as) \S"), _plain("What can {s} be used for?")),
    (
        FACT,
        re.compile(
            rf"{_SUBJECT} (?P<be>is|are) (?:not |never |always |also |currently )?"
            r"(?P<v>(?:enabled|disabled|supported|required|allowed|mandatory|optional)(?: by default)?)\b"
        ),
        lambda m, low: _plain(f"{m['be'].capitalize()} {{s}} {{v}}?")(m, low),
    ),
    (
        FACT,
        re.compile(rf"{_SUBJECT} (?P<v>starts|begins|ends|opens|closes) (?:at|on|when|after|before|as soon as) \S"),
        lambda m, low: _plain(f"When does {{s}} {m['v'].removesuffix('s')}?")(m, low),
    ),
    (FACT, re.compile(rf"{_SUBJECT} (?P<be>is|are) responsible for \S"), _plain("What {be} {s} responsible for?")),
    (FACT, re.compile(rf"{_SUBJECT} (?P<be>is|are) based on \S"), _plain("What {be} {s} based on?")),
    (FACT, re.compile(rf"{_SUBJECT} (?P<be>is|are) limited to \S"), _plain("What {be} {s} limited to?")),
    (FACT, re.compile(rf"{_SUBJECT} (?P<be>is|are) (?:called|named|known as) \S"), _plain("What {be} {s} called?")),
    (
        FACT,
        re.compile(rf"{_SUBJECT} (?P<m>can|may|must|should) be (?P<v>\w+ed) (?:by|using|via|through|with) \S"),
        _plain("How {m} {s} be {v}?"),
    ),
    (
        FACT,
        re.compile(rf"{_SUBJECT} must be (?:between|at least|at most|shorter|longer|below) "),
        _plain("What limits apply to {s}?"),
    ),
    (
        FACT,
        re.compile(rf"{_SUBJECT} (?P<be>is|are|cannot be|can be) (?P<v>\w+(?:ed|able)) because \S"),
        lambda m, low: _plain(f"Why {m['be'].split()[0]} {{s}} {'be ' if ' be' in m['be'] else ''}{{v}}?")(m, low),
    ),
    (
        FACT,
        re.compile(
            r"^(?P<s>The (?:default |minimum |maximum |largest |smallest )[\w`/.\- ]{3,50}?) is (?:`|\d|KRW)"
        ),
        _plain("What is {s}?"),
    ),
    (
        FACT,
        re.compile(r"^The (?P<k>purpose|goal|role|aim) of (?P<s>[^,;:]{3,60}?) is to \S"),
        _plain("What is the {k} of {s}?"),
    ),
    (FACT, re.compile(rf"{_SUBJECT} (?P<v>{verbs_english.PATTERN}) (?P<o>(?!\d)\S.{{12,}})\.$"), _verb),
    (
        FACT,
        re.compile(r"^(?P<r>[A-Z`][^,;:]{12,90}?) (?P<w>when|if|unless) (?P<s>[^,;:]{10,80})\.$"),
        _condition_last,
    ),
)  # fmt: skip
