"""Whether a pair is worth showing to a student."""

from __future__ import annotations

import re

from localcloud.engines.extractive.teacher.pair import Pair
from localcloud.engines.extractive.terms import content_terms
from shared.text.language import detect_language, hangul_share
from shared.text.links import find_links

_DEICTIC = re.compile(
    r"\b(?:this|these|those|above|below|following|aforementioned|previous(?:ly)?|here|"
    r"the (?:last|previous) (?:command|one|step))\b"
    r"|(?:^|\s)(?:위|아래|다음|여기|이|그|해당|이전|앞서|본)(?:의|와|에서|에)?\s",
    re.IGNORECASE,
)
_POINTS_ON = re.compile(
    r"\b(?:as follows|below|above|following)\b[^.]*[.:]?$|(?:다음과 같|아래와 같|위와 같)[^.:]*[.:]?$", re.I
)
_RUIN = re.compile(r"<\w[^<>]*$|\{[^{}]*$|^\W*[|>]|!\[|\\\\|\bTODO\b|\bTBD\b|:::|<-|-->")
_LEAST_EVIDENCE = 8
_MOST_QUESTION = 220
_MOST_HANGUL = 0.02


def good(pair: Pair) -> bool:
    """Whether a pair stands by itself, in one language, and tells more than its question."""
    question, answer = pair.questions[0], pair.answer
    told = content_terms(answer) - content_terms(question)
    return (
        bool(pair.quotes)
        and all(len(quote.text) >= _LEAST_EVIDENCE for quote in pair.quotes)
        and bool(told)
        and bool(content_terms(question))
        and len(question) <= _MOST_QUESTION
        and not any(_DEICTIC.search(wording) for wording in pair.questions)
        and not find_links(f"{question} {answer}")
        and not _RUIN.search(question)
        and not _RUIN.search(answer)
        and not _POINTS_ON.search(answer)
        and question.count("`") % 2 == 0
        and answer.count("`") % 2 == 0
        and question.count("(") == question.count(")")
        and _one_language(question, answer)
    )


def _one_language(question: str, answer: str) -> bool:
    if detect_language(question) == "en":
        return hangul_share(answer) <= _MOST_HANGUL
    return detect_language(answer) == "ko"
