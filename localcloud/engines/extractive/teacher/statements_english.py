"""English sentences turned into questions, by a table of patterns: the first that fits decides."""

from __future__ import annotations

import re
from dataclasses import dataclass

from localcloud.engines.extractive.teacher import verbs_english
from localcloud.engines.extractive.teacher.pair import Type
from localcloud.engines.extractive.teacher.phrases import imperative
from localcloud.engines.extractive.teacher.questions_english import (
    Lower,
    Write,
    condition,
    condition_last,
    event,
    has,
    lasts,
    plain,
    purpose,
    verb,
)

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


_UNIT = r"(?:seconds?|minutes?|hours?|(?:business |calendar |working )?days?|weeks?|months?|years?)"
_AMOUNT = rf"(?:up to |at most |about |exactly )?(?:\d[\d,.]*|an?|one|two|three|five|ten)\s+{_UNIT}\b"
_SUBJECT = r"^(?P<s>[A-Z`][^,;:]{2,60}?)"
_DONE = rf"{_SUBJECT} (?P<be>is|are|was|were) (?P<v>\w+(?:ed|pt|lid|ive|able|nt|set|id)(?: \w+)?)"
_PURPOSE_LAST = re.compile(
    r"^(?:Use|Run|Execute|Set|Send|Call|Open|Add|Create|Enable|Install|Select|Click) [^,;:]{3,80}? (?:in order )?to "
    r"(?P<s>[a-z]+ [^,;:]{6,90})\.$"
)

_PATTERNS: tuple[tuple[tuple[Type, ...], re.Pattern[str], Write], ...] = (
    (FACT, re.compile(r"^(?P<w>If|When|Once) (?P<s>[^,]{12,110}), (?P<r>(?!which\b).{12,})\.$"), condition),
    (FACT, re.compile(r"^(?P<w>After|Without|Before|During) (?P<s>[^,]{8,80}), (?P<r>(?!which\b).{12,})\.$"), event),
    (PROCEDURE, re.compile(r"^(?:In order )?[Tt]o (?P<s>[a-z]+ [^,:]{6,90}), .{10,}\.$"), purpose),
    (PROCEDURE, _PURPOSE_LAST, purpose),
    (
        PROCEDURE,
        re.compile(r"^You can (?:also )?(?P<s>[a-z]+ [^,;:]{6,80}?) (?:by|using|with|via|through|from) [^,]{4,}\.$"),
        purpose,
    ),
    (FACT, re.compile(rf"{_DONE} for {_AMOUNT}"), plain("How long {be} {s} {v}?")),
    (FACT, re.compile(rf"{_DONE} every {_AMOUNT}"), plain("How often {be} {s} {v}?")),
    (FACT, re.compile(rf"{_DONE} (?:within|after) {_AMOUNT}"), plain("When {be} {s} {v}?")),
    (FACT, re.compile(rf"{_SUBJECT} (?P<v>lasts|takes|expires after) {_AMOUNT}"), lasts),
    (
        FACT,
        re.compile(
            rf"{_SUBJECT} (?P<m>may|can|must) (?P<v>have|hold|contain|use|include|send|carry|run|register) "
            r"(?:up to|at most|no more than) \d[\d,.]* (?P<o>[a-z]+s)\b"
        ),
        plain("How many {o} {m} {s} {v}?"),
    ),
    (
        FACT,
        re.compile(
            rf"{_SUBJECT} (?P<v>holds|has|supports|accepts|allows|contains) "
            r"(?:up to |at most )?\d[\d,.]* (?P<o>[a-z]+s)\b"
        ),
        has,
    ),
    (
        DEFINITION,
        re.compile(
            r"^(?P<s>(?:(?:The|A|An) )?[\w`/.\- ]{2,45}?) (?P<be>is|are) (?:an?|the) "
            r"(?!same|only|last|first)\w+.{20,}\.$"
        ),
        plain("What {be} {s}?"),
    ),
    (FACT, re.compile(rf"{_SUBJECT} (?:is|are) set to \S"), plain("What is {s} set to?")),
    (FACT, re.compile(rf"{_SUBJECT} costs? (?:KRW|USD|EUR|\$|€|₩)"), plain("How much does {s} cost?")),
    (
        FACT,
        re.compile(
            rf"{_SUBJECT} (?P<be>is|are) (?P<v>(?:\w+ly )?(?:located|stored|saved|kept|written|installed|found|defined"
            r"|available|listed|shown|displayed|logged|hosted|generated|created)) (?:in|at|under|on|inside|to) \S"
        ),
        plain("Where {be} {s} {v}?"),
    ),
    (FACT, re.compile(rf"{_SUBJECT} (?P<be>is|are) used (?:to|for) \S"), plain("What {be} {s} used for?")),
    (FACT, re.compile(rf"{_SUBJECT} can be used (?:to|for|as) \S"), plain("What can {s} be used for?")),
    (
        FACT,
        re.compile(
            rf"{_SUBJECT} (?P<be>is|are) (?:not |never |always |also |currently )?"
            r"(?P<v>(?:enabled|disabled|supported|required|allowed|mandatory|optional)(?: by default)?)\b"
        ),
        lambda m, low: plain(f"{m['be'].capitalize()} {{s}} {{v}}?")(m, low),
    ),
    (
        FACT,
        re.compile(rf"{_SUBJECT} (?P<v>starts|begins|ends|opens|closes) (?:at|on|when|after|before|as soon as) \S"),
        lambda m, low: plain(f"When does {{s}} {m['v'].removesuffix('s')}?")(m, low),
    ),
    (FACT, re.compile(rf"{_SUBJECT} (?P<be>is|are) responsible for \S"), plain("What {be} {s} responsible for?")),
    (FACT, re.compile(rf"{_SUBJECT} (?P<be>is|are) based on \S"), plain("What {be} {s} based on?")),
    (FACT, re.compile(rf"{_SUBJECT} (?P<be>is|are) limited to \S"), plain("What {be} {s} limited to?")),
    (FACT, re.compile(rf"{_SUBJECT} (?P<be>is|are) (?:called|named|known as) \S"), plain("What {be} {s} called?")),
    (
        FACT,
        re.compile(rf"{_SUBJECT} (?P<m>can|may|must|should) be (?P<v>\w+ed) (?:by|using|via|through|with) \S"),
        plain("How {m} {s} be {v}?"),
    ),
    (
        FACT,
        re.compile(rf"{_SUBJECT} must be (?:between|at least|at most|shorter|longer|below) "),
        plain("What limits apply to {s}?"),
    ),
    (
        FACT,
        re.compile(rf"{_SUBJECT} (?P<be>is|are|cannot be|can be) (?P<v>\w+(?:ed|able)) because \S"),
        lambda m, low: plain(f"Why {m['be'].split()[0]} {{s}} {'be ' if ' be' in m['be'] else ''}{{v}}?")(m, low),
    ),
    (
        FACT,
        re.compile(
            r"^(?P<s>The (?:default |minimum |maximum |largest |smallest )[\w`/.\- ]{3,50}?) is (?:`|\d|KRW)"
        ),
        plain("What is {s}?"),
    ),
    (
        FACT,
        re.compile(r"^The (?P<k>purpose|goal|role|aim) of (?P<s>[^,;:]{3,60}?) is to \S"),
        plain("What is the {k} of {s}?"),
    ),
    (FACT, re.compile(rf"{_SUBJECT} (?P<v>{verbs_english.PATTERN}) (?P<o>(?!\d)\S.{{12,}})\.$"), verb),
    (
        FACT,
        re.compile(r"^(?P<r>[A-Z`][^,;:]{12,90}?) (?P<w>when|if|unless) (?P<s>[^,;:]{10,80})\.$"),
        condition_last,
    ),
)  # fmt: skip
