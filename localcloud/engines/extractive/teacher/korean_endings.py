"""Korean endings changed: a statement into a question, a question into a formal one or into half of a longer one."""

from __future__ import annotations

import re

_FINAL_N, _FINAL_B = 4, 17  # ㄴ and ㅂ among the 28 final consonants of a syllable
_ADJECTIVES = {
    "필요하": "필요한", "가능하": "가능한", "불가능하": "불가능한", "동일하": "동일한", "다르": "다른", "크": "큰",
    "적합하": "적합한", "유용하": "유용한", "중요하": "중요한", "유리하": "유리한", "편하": "편한", "비슷하": "비슷한",
    "안전하": "안전한", "충분하": "충분한", "유효하": "유효한", "일정하": "일정한", "빠르": "빠른", "느리": "느린",
}  # fmt: skip
"""Stems whose question is …ㄴ가요 rather than …나요."""
_FORMAL = (
    ("인가요?", "입니까?"), ("하나요?", "합니까?"), ("되나요?", "됩니까?"), ("있나요?", "있습니까?"),
    ("필요한가요?", "필요합니까?"), ("다른가요?", "다릅니까?"), ("주세요.", "주십시오."),
)  # fmt: skip
_PAST = re.compile(r"[았었였했됐]다$")


def questioned(statement: str) -> str | None:
    """A statement, polite or plain, as a polite question; None for an ending that is not known."""
    stem = statement.strip().rstrip(".")
    for ending, asked in (("입니다", "인가요"), ("이다", "인가요"), ("습니다", "나요"), ("는다", "나요")):
        if stem.endswith(ending):
            return f"{stem.removesuffix(ending)}{asked}?"
    if re.search(r"[있없]다$", stem):
        return f"{stem[:-1]}나요?"
    polite = stem.endswith("니다")
    head = stem.removesuffix("니다") if polite else stem.removesuffix("다")
    if _PAST.search(stem) or head == stem or not (bare := _without(head, _FINAL_B if polite else _FINAL_N)):
        return None
    word = re.split(r"\s", bare)[-1]
    adjective = next((form for verb, form in _ADJECTIVES.items() if word.endswith(verb)), None)
    if adjective is None:
        return f"{bare}나요?"
    return f"{bare[: -len(adjective)]}{adjective}가요?"


def formal(question: str) -> str:
    """The question as a formal text would put it; unchanged where its ending is not known."""
    for ending, stiff in _FORMAL:
        if question.endswith(ending):
            return question.removesuffix(ending) + stiff
    return question


def half(question: str) -> str | None:
    """The question as the first half of a longer one: "…하나요?" gives "…하고"; None where that cannot be said."""
    stem = question.rstrip("?")
    if stem.endswith("인가요"):
        return stem.removesuffix("인가요") + "이고"
    if stem.endswith("나요"):
        return stem.removesuffix("나요") + "고"
    if stem.endswith("른가요"):
        return stem.removesuffix("른가요") + "르고"
    return stem.removesuffix("한가요") + "하고" if stem.endswith("한가요") else None


def _without(text: str, final: int) -> str | None:
    """The text with its last syllable's final consonant taken away; None when the syllable has another."""
    last = text[-1:]
    if not "가" <= last <= "힣" or (ord(last) - ord("가")) % 28 != final:
        return None
    return text[:-1] + chr(ord(last) - final)
