"""Questions over several documents: two that belong together, asked in one breath and answered in one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import combinations

from localcloud.engines.extractive.teacher.korean_endings import half
from localcloud.engines.extractive.teacher.pair import Pair
from localcloud.engines.extractive.terms import content_terms
from shared.text.language import detect_language

_NAME = re.compile(r"`[^`]+`|\b[A-Z][A-Za-z]*[-_]?\d+\b|\b[A-Z]{2,}[-_][A-Z0-9_-]+\b|\b[A-Z]{3,}\b")
_PLACED = re.compile(r"^Regarding (?P<subject>[^,]+), (?P<rest>.+)$")
_KOREAN_PLACED = re.compile(r"^(?P<subject>.{2,30}?)에서 (?P<rest>.+)$")
_LEAST_SHARED = 2
"""Terms that two questions share, where they share no name."""
_MOST_ANSWER_WORDS = 60
_MOST_PAIRS = 40
_MOST_JOINED = 12
"""Joined questions of one group of documents."""


def join(groups: Sequence[Sequence[Pair]]) -> tuple[Pair, ...]:
    """Pairs that need one of each group: of two groups, or of the nearest two of more."""
    found: list[Pair] = []
    for first, second in combinations(groups, 2):
        found += _joined(tuple(first), tuple(second))
    return tuple(found)


@lru_cache(maxsize=256)
def _joined(first: tuple[Pair, ...], second: tuple[Pair, ...]) -> tuple[Pair, ...]:
    """Nearest pairs first; each is used once."""
    firsts, seconds = _short(first), _short(second)
    common = Counter(term for pair in (*firsts, *seconds) for term in _terms(pair))
    most = max(2, len(firsts) + len(seconds)) // 2
    rare = frozenset(term for term, count in common.items() if count <= most)
    ranked = sorted(
        ((_nearness(a, b, rare), i, j) for i, a in enumerate(firsts) for j, b in enumerate(seconds)),
        key=lambda found: (-found[0], found[1], found[2]),
    )
    used_first, used_second, made = set[int](), set[int](), list[Pair]()
    for nearness, i, j in ranked:
        if nearness < _LEAST_SHARED or len(made) == _MOST_JOINED:
            break
        if i in used_first or j in used_second or not (pair := _both(firsts[i], seconds[j])):
            continue
        used_first.add(i)
        used_second.add(j)
        made.append(pair)
    return tuple(made)


def _short(pairs: Sequence[Pair]) -> list[Pair]:
    """Parts of a joined question: simple ones, each question once."""
    simple = {
        pair.questions[0]: pair
        for pair in reversed(pairs)
        if pair.level != "hard" and "\n" not in pair.answer and len(pair.answer.split()) <= _MOST_ANSWER_WORDS
    }
    return list(reversed(simple.values()))[:_MOST_PAIRS]


def _nearness(a: Pair, b: Pair, rare: frozenset[str]) -> float:
    """Shared names count for what binds two documents; shared rare words for as much as they are many."""
    names = set(_NAME.findall(f"{a.questions[0]} {a.answer}")) & set(_NAME.findall(f"{b.questions[0]} {b.answer}"))
    return 2.0 * len(names) + len(_terms(a) & _terms(b) & rare)


def _terms(pair: Pair) -> frozenset[str]:
    return content_terms(f"{pair.questions[0]} {pair.answer}")


def _both(a: Pair, b: Pair) -> Pair | None:
    """None when the two do not go into one question, or when one of them says what the other is asked for."""
    if _says(a, b) or _says(b, a) or a.questions[0] == b.questions[0]:
        return None
    korean = detect_language(a.questions[0]) == "ko"
    if korean != (detect_language(b.questions[0]) == "ko"):
        return None
    questions = tuple(_korean(a, b) if korean else _english(a, b))
    answer = f"{a.answer} {b.answer}"
    return Pair(("multi_hop",), questions, answer, (*a.quotes, *b.quotes), "hard") if questions else None


def _says(a: Pair, b: Pair) -> bool:
    """Whether the first answer, or the words it rests on, tell what the second question asks."""
    told = content_terms(b.answer) - content_terms(b.questions[0])
    return told <= content_terms(" ".join([a.answer, *(quote.text for quote in a.quotes)]))


def _english(a: Pair, b: Pair) -> Iterator[str]:
    one, two = a.questions[0].rstrip("?"), b.questions[0]
    first, second = _PLACED.match(one), _PLACED.match(two)
    if first and second and first["subject"] == second["subject"]:
        two = second["rest"]
    elif second:
        two = f"regarding {second['subject']}, {second['rest']}"
    yield f"{one}, and {two[:1].lower()}{two[1:]}"


def _korean(a: Pair, b: Pair) -> Iterator[str]:
    two = b.questions[0]
    first, second = _KOREAN_PLACED.match(a.questions[0]), _KOREAN_PLACED.match(two)
    if first and second and first["subject"] == second["subject"]:
        two = second["rest"]
    if one := half(a.questions[0]):
        yield f"{one}, {two}"
