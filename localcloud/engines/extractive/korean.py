"""Korean particles, which depend on how the word before them ends."""

from __future__ import annotations

import re

_PAIRS = {"은": "는", "이": "가", "을": "를", "과": "와", "으로": "로"}
_DIGIT_FINAL = {"0": "ㅇ", "1": "ㄹ", "3": "ㅁ", "6": "ㄱ", "7": "ㄹ", "8": "ㄹ"}
"""Final consonant of a digit read aloud (영, 일, 삼, 육, 칠, 팔); the others end in a vowel."""
_LETTER_FINAL = {"l": "ㄹ", "m": "ㅁ", "n": "ㄴ", "r": "ㄹ"}
"""Final consonant of a letter read by its Korean name (엘, 엠, 엔, 알); the others end in a vowel."""
_CLOSERS = re.compile(r"(?:\([^()]*\)|[`'\"’”」』)\]%\s])+$")
_RIEUL = 8


def final_consonant(word: str) -> str:
    """The consonant on which a word ends when read aloud: ``""`` for a vowel; 으로/로 needs ``ㄹ`` apart."""
    bare = _CLOSERS.sub("", word) or word
    last = bare[-1:].lower()
    if "가" <= last <= "힣":
        index = (ord(last) - ord("가")) % 28
        return "" if index == 0 else "ㄹ" if index == _RIEUL else "ㅇ"
    if last in _DIGIT_FINAL:
        return _DIGIT_FINAL[last]
    return _letter_final(bare, last)


def with_particle(word: str, particle: str) -> str:
    """The word with 은/는, 이/가, 을/를, 과/와 or 으로/로; ``particle`` is the form after a consonant."""
    final = final_consonant(word)
    vowel_form = not final or (particle == "으로" and final == "ㄹ")
    return word + (_PAIRS[particle] if vowel_form else particle)


def _letter_final(word: str, last: str) -> str:
    if last not in _LETTER_FINAL:
        return "ㄱ" if _reads_as_word(word) and last in "kbpc" else "ㅇ" if word.lower().endswith("ng") else ""
    return _LETTER_FINAL[last]


def _reads_as_word(word: str) -> bool:
    """Whether a Latin word is read as a word (Callback) rather than letter by letter (SMS)."""
    return bool(re.search(r"[a-z]{2}$", word))
