"""English wording of table cells as question and answer."""

from __future__ import annotations

import re

from localcloud.engines.extractive.teacher.headers import (
    CAUSE,
    MEANING,
    REMEDY,
    SHORT_NAME,
    VARIANTS,
    kindly,
    variant,
)
from localcloud.engines.extractive.teacher.pair import Page, Type, turned
from localcloud.engines.extractive.teacher.phrases import clause, ended, imperative, lower_first, sentence_like

_STATES = re.compile(
    r"(?:^|\w )(?:state|status|mode|level|type|class|category|colou?r|light|phase|result)$", re.IGNORECASE
)
_SPELT = {"HTTP": "HTTP status"}
_MOST_REVERSED_WORDS = 7
Asked = tuple[tuple[Type, ...], tuple[str, ...], str]


def write(first: str, name: str, header: str, value: str, remedy: str, page: Page) -> Asked:
    """Types, wordings of the question, and the answer."""
    named, what, plain = named_as(first, name, page), common(header), lower_first(value, page)
    advice = f" {_advice(remedy)}" if remedy else ""
    if MEANING.search(header):
        told = f"{_capital(named)} means: {ended(plain)}{advice}"
        if finite(value) or sentence_like(value):
            return (
                ("table", "definition"),
                (f"What is the {what} of {named}?",),
                f"{_capital(named)}: {ended(value)}{advice}",
            )
        return ("table", "definition"), (f"What does {named} mean?", f"What is the meaning of {named}?"), told
    if REMEDY.search(header):
        if clause(name):
            return ("troubleshooting", "table"), (f"What should I do if {lower_first(name, page)}?",), ended(value)
        questions = turned((f"What should I do about {named}?", f"How do I deal with {named}?"), value)
        answer = (
            f"For {named}, {value[:1].lower()}{ended(value)[1:]}"
            if imperative(value)
            else f"For {named}: {ended(value)}"
        )
        return ("troubleshooting", "table"), questions, answer
    if CAUSE.search(header):
        of = "for" if what == "reason" else "of"
        question = f"What is the {what} {of} {named}?"
        return ("table", "troubleshooting"), (question,), f"The {what} {of} {named} is: {ended(plain)}{advice}"
    if variant(first, header):
        asked = f"limit on {named}" if first.lower().startswith("limit") else named
        be = "are" if _plural(asked) else "is"
        return ("table",), (f"What {be} the {asked} for {header}?",), f"For {header}, the {asked} {be} {ended(plain)}"
    be = "are" if _plural(header) else "is"
    questions = turned(
        (
            f"What {be} the {what} for {named}?",
            f"What {be} the {what} of {named}?",
            f"Which {what} {'apply' if be == 'are' else 'applies'} to {named}?",
        ),
        name + value,
    )
    if finite(value) or sentence_like(value) or len(value.split()) > _MOST_INLINE:
        return ("table",), questions, f"{_capital(what)} of {named}: {ended(value)}"
    return ("table",), questions, f"The {what} for {named} {be} {ended(plain)}"


def both(first: str, name: str, cells: tuple[tuple[str, str], tuple[str, str]], page: Page) -> Asked:
    """Two columns of one row: ``cells`` are (header, value)."""
    named = named_as(first, name, page)
    (one, a), (two, b) = ((common(header), lower_first(value, page)) for header, value in cells)
    answer = f"For {named}, the {one} {_be(one)} {a} and the {two} {_be(two)} {ended(b)}"
    return (
        ("table",),
        (f"What are the {one} and the {two} of {named}?", f"Which {one} and {two} does {named} have?"),
        answer,
    )


def reverse(first: str, name: str, header: str, value: str, page: Page) -> Asked | None:
    """What row has a value: None where that cannot be asked."""
    if VARIANTS.match(first) or not kindly(first) or re.search(r"[,(;]", value):
        return None
    if len(value.split()) > _MOST_REVERSED_WORDS or variant(first, header):
        return None
    what, kind, plain = common(header), common(first), lower_first(value, page)
    if MEANING.search(header) or CAUSE.search(header) or REMEDY.search(header):
        if not MEANING.search(header):
            return None
        return (
            ("table",),
            (f"Which {kind} means “{plain}”?", f"Which {kind} stands for “{plain}”?"),
            f"{_capital(kind)} {name} means: {ended(plain)}",
        )
    questions = (f"Which {kind} has the {what} {plain}?", f"For which {kind} {_be(what)} the {what} {plain}?")
    return ("table",), questions, f"The {kind} with the {what} {plain} is {ended(name)}"


def differ(first: str, names: tuple[str, str], header: str, values: tuple[str, str], page: Page) -> Asked:
    """Two rows of one column."""
    one, two = (named_as(first, name, page) for name in names)
    what, lowered = common(header), tuple(lower_first(value, page) for value in values)
    a, b = lowered if all(low != value for low, value in zip(lowered, values, strict=True)) else values
    questions = (
        f"How do {one} and {two} differ in their {what}?",
        f"What {_be(what)} the {what} of {one} compared with {two}?",
    )
    return ("comparison",), questions, f"The {what} {_be(what)} {a} for {one} and {b} for {ended(two)}"


def differ_columns(first: str, name: str, cells: tuple[tuple[str, str], tuple[str, str]], page: Page) -> Asked:
    """Two variants of what one row names."""
    what = lower_first(name, page)
    what = f"limit on {what}" if first.lower().startswith("limit") else what
    (one, a), (two, b) = cells
    questions = (f"How does the {what} differ between {one} and {two}?",)
    return (
        ("comparison",),
        questions,
        f"The {what} is {lower_first(a, page)} for {one} and {lower_first(b, page)} for {ended(two)}",
    )


def named_as(first: str, name: str, page: Page) -> str:
    """A row's name inside a sentence, with its kind where it only speaks with it."""
    return f"{common(first)} {name}" if _needs_kind(first, name) else lower_first(name, page)


def common(header: str) -> str:
    """A header inside a sentence: common nouns, but for acronyms."""
    header = _SPELT.get(header, header)
    words = header.split(" ")
    if all(word[:1].isupper() or not word[:1].isalpha() for word in words):
        return " ".join(word.lower() if word[1:].islower() else word for word in words)
    first = words[0]
    return header[:1].lower() + header[1:] if first[1:].islower() or len(first) == 1 else header


_MOST_INLINE = 14
"""Words of a value that may stand inside a sentence."""
_FINITE = re.compile(
    r"^(?:[A-Z][a-z]+s (?:the|an?|whether|when|if|how|all|to|outbound|inbound)\b|When\b|If\b|Use\b|Same\b|See\b|Only\b)"
    r"|^(?:You|It|They|We|There)\b|;|[a-z]\. [A-Z]|:$"
)


def finite(value: str) -> bool:
    """Whether a value is a clause, which cannot follow "is"."""
    return bool(_FINITE.search(value)) or imperative(value)


def _be(header: str) -> str:
    return "are" if _plural(header) else "is"


def _needs_kind(first: str, name: str) -> bool:
    """Whether a code or number only speaks with its kind: "tier 1", "trace code `ST-01`"."""
    if _STATES.match(first) and len(name.split()) == 1:
        return True
    coded = not name[0].isupper() or name.isupper() or any(c.isdigit() for c in name)
    return bool(first) and coded and bool(SHORT_NAME.match(name))


def _advice(remedy: str) -> str:
    return ended(remedy) if imperative(remedy) else f"What to do: {ended(remedy)}"


def _plural(header: str) -> bool:
    last = re.split(r" (?:per|of|for|in|on|at|to|by) ", header.lower())[0].split()[-1]
    return last.endswith("s") and not last.endswith(("ss", "us", "is"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
