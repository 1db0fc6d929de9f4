"""Per-sample filters, in order. Each says why it refuses; what is refused is kept with that reason."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from schemas.artifacts import Chunk
from shared.text.language import detect_language
from shared.text.links import find_links
from workers.synthetic_gen.replies import Draft

_SPACE = re.compile(r"\s+")


@dataclass(frozen=True)
class Setting:
    """What a draft is judged against: the chunks shown (numbered from 1) and the recipe's limits."""

    chunks: Sequence[Chunk]
    language: str
    max_answer_words: int


Filter = Callable[[Draft, Setting], str | None]
"""Returns why a draft is refused, or None."""


def cites_shown_documents(draft: Draft, setting: Setting) -> str | None:
    wrong = [number for number in draft.citations if not 1 <= number <= len(setting.chunks)]
    return f"cites document {wrong[0]}, but {len(setting.chunks)} were shown" if wrong else None


def evidence_is_verbatim(draft: Draft, setting: Setting) -> str | None:
    evidence = squeeze(draft.evidence)
    cited = (setting.chunks[number - 1].text for number in draft.citations)
    return None if any(evidence in squeeze(text) for text in cited) else "evidence stands in no cited document"


def writes_no_links(draft: Draft, setting: Setting) -> str | None:
    links = find_links(draft.answer)
    return f"the answer writes the link {links[0]} instead of citing a number" if links else None


def is_in_language(draft: Draft, setting: Setting) -> str | None:
    found = detect_language(f"{draft.question} {draft.answer}")
    return None if found == setting.language else f"is in {found}, asked for {setting.language}"


def is_short_enough(draft: Draft, setting: Setting) -> str | None:
    words, most = len(draft.answer.split()), setting.max_answer_words
    return f"answer has {words} words, at most {most} allowed" if words > most else None


FILTERS: dict[str, Filter] = {
    "citation": cites_shown_documents,
    "evidence": evidence_is_verbatim,
    "links": writes_no_links,
    "language": is_in_language,
    "length": is_short_enough,
}
"""Rejection code → filter. Malformed drafts are rejected as ``schema`` before, repeats as ``duplicate`` after."""


def judge(draft: Draft, setting: Setting) -> tuple[str, str] | None:
    """The first filter that refuses: (code, message); None when the draft is good."""
    for code, refuses in FILTERS.items():
        if (message := refuses(draft, setting)) is not None:
            return code, message
    return None


def squeeze(text: str) -> str:
    """White space made equal: a quote may cross a line break."""
    return _SPACE.sub(" ", text).strip()


def question_key(question: str) -> str:
    """Two questions with one key are the same question."""
    return re.sub(r"[\W_]+", "", question.casefold())
