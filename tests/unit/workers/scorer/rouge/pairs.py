"""Pairs of texts on which implementations of ROUGE come apart."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

Pair = tuple[str, str]

JUNK = (
    "a", "b ", "ab", " ", "\n", "\n\n", "\r\n", "c d", "\u212a", "\u0130", "\u0131",
    "\x85", "\x1c", "\x1f", "\u2028", "\x00", "\ufb01",
    "é", "e\u0301", "가",
    "요금제 ", "漢", "カ", "５Ｇ", "Ⅷ", "²", "0", "7,700", ".", "|", "^", "_", "\ud800", "\U0001f600", "Σ", "ß",
)  # fmt: skip
ENGLISH = (
    "the", "was", "wa", "its", "it", "Running", "runs", "USIMs", "uses", "dies", "flies", "5gs",
    "universities", "universal", "relational", "dying",
    "The", "registration", "re-registered,", "sky", "skies", "doesn't", "AMF", "PDU", "sessions.",
    "happily", "news", "innings",
)  # fmt: skip
KOREAN = (
    "요금제", "요금제를", "변경은", "변경하려면", "고객센터에서", "가능합니다.", "5G", "AMF는", "UE의", "등록을",
    "했습니다", "갔던", "7,700원입니다", "ㅋㅋㅋ", "(데이터)", "②",
)  # fmt: skip


def tiny(rng: random.Random) -> str:
    return _joined(rng, ["a", "b", "c"][: rng.randint(1, 3)], 14)


def junk(rng: random.Random) -> str:
    return "".join(rng.choices(JUNK, k=rng.randrange(20)))


def english(rng: random.Random) -> str:
    return _joined(rng, ENGLISH, 30)


def korean(rng: random.Random) -> str:
    return _joined(rng, KOREAN, 12)


def long_lines(rng: random.Random) -> str:
    """Lines of about as many tokens as a machine word has bits."""
    letters = "abcde"[: rng.randint(1, 5)]
    return "\n".join(" ".join(rng.choices(letters, k=rng.randint(58, 67))) for _ in range(rng.randint(1, 3)))


FAMILIES: dict[str, tuple[Callable[[random.Random], str], int]] = {
    "tiny": (tiny, 2500), "junk": (junk, 2500), "english": (english, 1000), "korean": (korean, 300),
    "long lines": (long_lines, 30),
}  # fmt: skip
"""How a text is made, and how many pairs of it."""


def pairs(family: str) -> list[Pair]:
    """The same ones each time; some against themselves."""
    make, count = FAMILIES[family]
    rng = random.Random(family)
    made = [(make(rng), make(rng)) for _ in range(count)]
    return [(one, one if rng.random() < 0.05 else other) for one, other in made]


def giants() -> list[Pair]:
    rng = random.Random(7)
    words = " ".join(rng.choices(ENGLISH, k=2500))
    return [("x" * 5000, "x" * 5000), ("x" * 5000 + " a b", "a b " + "x" * 4999), (words, "the news was"), ("", words)]


def _joined(rng: random.Random, words: Sequence[str], most: int) -> str:
    """One line in two cases of three, else several, some of them empty."""
    gaps = rng.choice([[" "], [" "], [" ", " ", " ", "\n", "\n\n"]])
    return "".join(word + rng.choice(gaps) for word in rng.choices(words, k=rng.randrange(most)))
