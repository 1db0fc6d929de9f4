"""English wording of a table cell as question and answer."""

from __future__ import annotations

import re

from localcloud.engines.extractive.teacher.pair import Page, chosen
from localcloud.engines.extractive.teacher.phrases import ended, imperative, lower_first

MEANING = re.compile(r"meaning|description|means|의미|설명|뜻|내용", re.IGNORECASE)
CAUSE = re.compile(r"cause|reason|원인|사유", re.IGNORECASE)
REMEDY = re.compile(r"action|remedy|resolution|\bfix|solution|what to do|조치|해결|대응|처리", re.IGNORECASE)
VARIANTS = re.compile(
    r"^(?:limit|item|parameter|property|setting|feature|attribute|quota|rule|항목|구분|한도|기능"
    r"|속성)s?$|^$",
    re.IGNORECASE,
)
"""First headers under which the other headers are variants ("Standard", "Premium") of what the row names."""
SHORT_NAME = re.compile(r"^(?:`[^`]+`|[#A-Z0-9][\w./#-]{0,14})$")


def explains(header: str) -> bool:
    """Whether a column says what a code means or what caused a fault, so that advice belongs to it."""
    return bool(MEANING.search(header) or CAUSE.search(header))


def write(first: str, name: str, header: str, value: str, remedy: str, page: Page) -> tuple[str, str]:
    """Question and answer."""
    named = f"{_common(first)} {name}" if _needs_kind(first, name) else lower_first(name, page)
    what, plain = _common(header), lower_first(value, page)
    advice = f" {_advice(remedy)}" if remedy else ""
    if MEANING.search(header):
        return f"What does {named} mean?", f"{_capital(named)} means: {ended(plain)}{advice}"
    if REMEDY.search(header):
        question = chosen((f"What should I do about {named}?", f"How do I deal with {named}?"), value)
        return question, f"For {named}, {ended(plain)}" if imperative(value) else f"For {named}: {ended(value)}"
    if CAUSE.search(header):
        of = "for" if what == "reason" else "of"
        return f"What is the {what} {of} {named}?", f"The {what} {of} {named} is: {ended(plain)}{advice}"
    if VARIANTS.match(first):
        asked = f"limit on {named}" if first.lower().startswith("limit") else named
        return f"What is the {asked} for {header}?", f"For {header}, the {asked} is {ended(plain)}"
    be = "are" if _plural(header) else "is"
    question = chosen(
        (
            f"What {be} the {what} for {named}?",
            f"What {be} the {what} of {named}?",
            f"Which {what} {'apply' if be == 'are' else 'applies'} to {named}?",
        ),
        name + value,
    )
    return question, f"The {what} for {named} {be} {ended(plain)}"


def _needs_kind(first: str, name: str) -> bool:
    """Whether a code or number only speaks with its kind: "tier 1", "trace code `ST-01`"."""
    coded = not name[0].isupper() or name.isupper() or any(c.isdigit() for c in name)
    return bool(first) and coded and bool(SHORT_NAME.match(name))


def _advice(remedy: str) -> str:
    return ended(remedy) if imperative(remedy) else f"What to do: {ended(remedy)}"


def _common(header: str) -> str:
    """A header inside a sentence: common nouns, but for acronyms."""
    first = header.split(" ", 1)[0]
    return header[:1].lower() + header[1:] if first[1:].islower() or len(first) == 1 else header


def _plural(header: str) -> bool:
    last = header.lower().split()[-1]
    return last.endswith("s") and not last.endswith(("ss", "us", "is"))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
