"""Pairs from numbered steps and from commands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localcloud.engines.extractive.candidates import Candidate
from localcloud.engines.extractive.korean import with_particle
from localcloud.engines.extractive.teacher.pair import Page, Pair, turned
from localcloud.engines.extractive.teacher.phrases import ended, imperative, lower_first, placed

_KOREAN_PROCEDURE = re.compile(r"(?:절차|순서|방법|단계|과정|하기)$")
_HOW_TO = re.compile(r"^(?:steps |procedure |how )to (.+)$", re.IGNORECASE)
_PURPOSE = re.compile(r"^To ([^,:]{6,80})(?:, [^:]*)?:$")
_GERUND = re.compile(r"^[A-Za-z]{3,}ing\b")
_STEP_NUMBER = re.compile(r"^(?:\d+단계|[Ss]tep \d+|\d+)\s*[:.)]\s*")
_PROCESS = re.compile(r"\b(?:procedure|process|workflow)$", re.IGNORECASE)
_KOREAN_NOUN = re.compile(r"[가-힣](?<![다요함됨면서고시때는은])$")
"""A heading or comment that ends as a noun does, so that 에 or 절차 may follow."""
_PROMPT = re.compile(r"^[$#>]")
_SETUP = re.compile(r"^(?:cd|export|import|from|source|sudo)\b|^[{}\[\]<]|^\w+\s*=")


def from_steps(page: Page) -> Iterator[Pair]:
    """One pair for each numbered list that stands under a heading."""
    for block in page.blocks():
        if block[0].kind != "step" or len(block) < 2 or not block[0].heading or not _complete(block):
            continue
        quotes = page.quote(*(piece.text for piece in block))
        asked = _steps_questions(page, block[0])
        if quotes and asked:
            questions = tuple(placed(question, page, block[0].heading) for question in asked)
            yield Pair(("procedure",), questions, _numbered(block), quotes, "medium")


def from_commands(page: Page) -> Iterator[Pair]:
    """One pair for each command of one line that says what it is for."""
    for piece in page.pieces:
        if piece.kind != "code" or "\n" in piece.text or _SETUP.match(piece.text) or not 2 < len(piece.text) < 160:
            continue
        purpose = re.sub(r"\s*\(.*?\)$", "", piece.lead.rstrip(".:： ")).strip()
        quotes = page.quote(piece.lead, piece.text)
        if quotes and _PROMPT.match(piece.text) is None and 1 < len(purpose.split()) <= 10 and _is_comment(page, piece):
            command = piece.text.strip()
            made = _korean(purpose, command) if page.language == "ko" else _english(purpose, command, page)
            if made:
                yield Pair(("procedure", "fact"), made[0], made[1], quotes)


def _complete(block: list[Candidate]) -> bool:
    """Whether the steps say all: a step that announces what stands below it does not."""
    return not any(piece.text.rstrip().endswith((":", "：")) for piece in block)


def _is_comment(page: Page, piece: Candidate) -> bool:
    """Whether the lead is the comment above the command, rather than a sentence above the block."""
    return bool(re.search(rf"^(?:#|//)\s*{re.escape(piece.lead)}\s*$", page.text, re.MULTILINE))


def _steps_questions(page: Page, first: Candidate) -> tuple[str, ...]:
    """() when neither the heading nor the line above the list says what the steps are for."""
    heading = _STEP_NUMBER.sub("", first.heading)
    if page.language == "ko":
        return _korean_steps(heading)
    purpose, how = _PURPOSE.match(first.lead), _HOW_TO.match(heading)
    goal = purpose[1] if purpose else how[1] if how else lower_first(heading, page) if imperative(heading) else ""
    if goal:
        return (f"How do I {goal}?", f"What are the steps to {goal}?")
    if _GERUND.match(heading):
        what = heading[:1].lower() + heading[1:]
        return (f"What are the steps for {what}?", f"How do I go about {what}?")
    if _PROCESS.search(heading):
        return (f"What are the steps of the {heading[:1].lower()}{heading[1:]}?",)
    return ()


def _korean_steps(heading: str) -> tuple[str, ...]:
    if not _KOREAN_PROCEDURE.search(heading):
        if not _KOREAN_NOUN.search(heading):
            return ()
        return turned(
            (f"{heading} 절차는 어떻게 되나요?", f"{with_particle(heading, '은')} 어떤 순서로 진행하나요?"), heading
        )
    if heading.endswith("하기"):
        return (f"{heading.removesuffix('하기')}하려면 어떻게 해야 하나요?",)
    return (f"{with_particle(heading, '은')} 어떻게 되나요?", f"{with_particle(heading, '을')} 알려 주세요.")


def _numbered(block: list[Candidate]) -> str:
    return "\n".join(f"{number}. {ended(piece.text)}" for number, piece in enumerate(block, 1))


def _english(purpose: str, command: str, page: Page) -> tuple[tuple[str, ...], str] | None:
    if not imperative(purpose):
        return None
    what = f"to {lower_first(purpose, page)}"
    return (f"Which command do I use {what}?", f"What is the command {what}?"), f"Use `{command}` {what}."


def _korean(purpose: str, command: str) -> tuple[tuple[str, ...], str] | None:
    if not _KOREAN_NOUN.search(purpose):
        return None
    questions = turned((f"{purpose}에 사용하는 명령은 무엇인가요?", f"{purpose}에는 어떤 명령을 사용하나요?"), purpose)
    return questions, f"{purpose}에는 `{command}` 명령을 사용합니다."
