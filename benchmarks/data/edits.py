"""Rewordings of a question by one word, as a leak would be: the meaning stays, identifiers stay, one word differs.

Each kind of edit is a small function from words to words, or to None where it does not apply. All is seeded: the same
question gives the same rewordings everywhere.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Iterator
from configparser import ConfigParser
from pathlib import Path

from shared.text.language import Language, detect_language


def _tables(file: Path) -> dict[str, dict[str, str]]:
    parser = ConfigParser()
    parser.read_string(file.read_text(encoding="utf-8"))
    return {language: dict(parser[language]) for language in parser.sections()}


Words = list[str]
Edit = Callable[[Words, random.Random, Language], Words | None]

SYNONYMS = _tables(Path(__file__).parent / "synonyms.ini")
ENDINGS = (
    ("인가요?", "입니까?"), ("입니까?", "인가요?"), ("하나요?", "합니까?"), ("합니까?", "하나요?"),
    ("되나요?", "됩니까?"), ("있나요?", "있습니까?"), ("있습니까?", "있나요?"), ("나요?", "는지요?"),
    ("주세요.", "주십시오."), ("가요?", "지요?"),
)  # fmt: skip
PARTICLES = (
    ("은", "이"),
    ("는", "가"),
    ("이", "은"),
    ("가", "는"),
    ("을", ""),
    ("를", ""),
    ("에서", "에"),
    ("의", ""),
    ("도", "은"),
)
FILLERS: dict[Language, tuple[str, ...]] = {
    "en": ("exactly", "please", "currently", "actually", "usually", "really"),
    "ko": ("정확히", "혹시", "현재", "보통", "실제로", "따로"),
}
_KEPT = re.compile(r"[0-9`_]|[A-Z]{2}")
"""Identifiers: a question with another one is another question."""


def rewordings(question: str, seed: int = 7) -> Iterator[tuple[str, str]]:
    """Each kind of edit that applies: (kind, the question reworded)."""
    language = detect_language(question)
    for kind, edit in EDITS.items():
        words = edit(question.split(), random.Random(f"{seed}:{kind}:{question}"), language)
        if words is not None and (text := " ".join(words)) != question:
            yield kind, text


def _free(words: Words) -> list[int]:
    return [place for place, word in enumerate(words) if not _KEPT.search(word)]


def _synonym(words: Words, rng: random.Random, language: Language) -> Words | None:
    table = SYNONYMS[language]
    found = [place for place, word in enumerate(words) if word.lower().rstrip("?.,") in table]
    if not found:
        return None
    place = rng.choice(found)
    bare = words[place].rstrip("?.,")
    return [*words[:place], table[bare.lower()] + words[place][len(bare) :], *words[place + 1 :]]


def _ending(words: Words, rng: random.Random, language: Language) -> Words | None:
    last = words[-1]
    for old, new in ENDINGS:
        if last.endswith(old):
            return [*words[:-1], last.removesuffix(old) + new]
    return None


def _particle(words: Words, rng: random.Random, language: Language) -> Words | None:
    if language != "ko":
        return None
    changed = [
        (place, words[place].removesuffix(old) + new)
        for place in _free(words)
        for old, new in PARTICLES
        if len(words[place]) > len(old) + 1 and words[place].endswith(old)
    ]
    if not changed:
        return None
    place, word = rng.choice(changed)
    return [*words[:place], word, *words[place + 1 :]]


def _swapped(words: Words, rng: random.Random, language: Language) -> Words | None:
    places = [place for place in range(1, len(words) - 2)]
    if not places:
        return None
    place = rng.choice(places)
    return [*words[:place], words[place + 1], words[place], *words[place + 2 :]]


def _inserted(words: Words, rng: random.Random, language: Language) -> Words | None:
    place = rng.randrange(1, len(words)) if len(words) > 1 else 1
    return [*words[:place], rng.choice(FILLERS[language]), *words[place:]]


def _dropped(words: Words, rng: random.Random, language: Language) -> Words | None:
    places = [place for place in _free(words) if place < len(words) - 1]
    if not places or len(words) < 4:
        return None
    place = rng.choice(places)
    return [*words[:place], *words[place + 1 :]]


def _replaced(words: Words, rng: random.Random, language: Language) -> Words | None:
    """By a filler: the hardest for letters, as nothing of the word is left."""
    places = [place for place in _free(words) if place < len(words) - 1]
    if not places or len(words) < 4:
        return None
    place = rng.choice(places)
    return [*words[:place], rng.choice(FILLERS[language]), *words[place + 1 :]]


EDITS: dict[str, Edit] = {
    "synonym": _synonym, "ending": _ending, "particle": _particle, "order": _swapped, "inserted": _inserted,
    "dropped": _dropped, "replaced": _replaced,
}  # fmt: skip
