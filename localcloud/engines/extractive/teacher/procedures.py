"""Pairs from numbered steps and from commands."""

from __future__ import annotations

import re
from collections.abc import Iterator

from localcloud.engines.extractive.candidates import Candidate
from localcloud.engines.extractive.korean import with_particle
from localcloud.engines.extractive.teacher.pair import Page, Pair, chosen
from localcloud.engines.extractive.teacher.phrases import ended, imperative, lower_first, placed

_KOREAN_PROCEDURE = re.compile(r"(?:절차|순서|방법|단계|과정|하기)$")
_HOW_TO = re.compile(r"^(?:steps |procedure |how )to (.+)$", re.IGNORECASE)
_PURPOSE = re.compile(r"^To ([^,:]{6,80})(?:, [^:]*)?:$")
_GERUND = re.compile(r"^[A-Za-z]{3,}ing\b")
_SETUP = re.compile(r"^(?:cd|export|import|from|source|sudo)\b|^[{}\[\]<]|^\w+\s*=")


def from_steps(page: Page) -> Iterator[Pair]:
    """One pair for each numbered list that stands under a heading."""
    for block in page.blocks():
        if block[0].kind != "step" or len(block) < 2 or not block[0].heading:
            continue
        evidence = page.quote(block[0].text)
        asked = _steps_question(page, block[0])
        if evidence and asked:
            question = placed(asked, page, block[0].heading)
            yield Pair("steps", question, _numbered(block), page.number, evidence)


def from_commands(page: Page) -> Iterator[Pair]:
    """One pair for each command of one line that says what it is for."""
    for piece in page.pieces:
        if piece.kind != "code" or "\n" in piece.text or _SETUP.match(piece.text) or not 2 < len(piece.text) < 160:
            continue
        purpose = re.sub(r"\s*\(.*?\)$", "", piece.lead.rstrip(".:： ")).strip()
        evidence = page.quote(piece.text)
        if evidence and 1 < len(purpose.split()) <= 10 and _is_comment(page, piece):
            command = piece.text.strip()
            korean = page.language == "ko"
            question, answer = _korean(purpose, command) if korean else _english(purpose, command, page)
            yield Pair("command", question, answer, page.number, evidence)


def _is_comment(page: Page, piece: Candidate) -> bool:
    """Whether the lead is the comment above the command, rather than a sentence above the block."""
    return bool(re.search(rf"^(?:#|//)\s*{re.escape(piece.lead)}\s*$", page.text, re.MULTILINE))


def _steps_question(page: Page, first: Candidate) -> str | None:
    """None when neither the heading nor the line above the list says what the steps are for."""
    heading = first.heading
    if page.language == "ko":
        if _KOREAN_PROCEDURE.search(heading):
            return f"{with_particle(heading, '은')} 어떻게 되나요?"
        return chosen(
            (f"{heading} 절차는 어떻게 되나요?", f"{with_particle(heading, '은')} 어떤 순서로 진행하나요?"), heading
        )
    if purpose := _PURPOSE.match(first.lead):
        return f"How do I {purpose[1]}?"
    if how := _HOW_TO.match(heading):
        return f"How do I {how[1]}?"
    if _GERUND.match(heading):
        return f"What are the steps for {lower_first(heading, page)}?"
    return f"How do I {lower_first(heading, page)}?" if imperative(heading) else None


def _numbered(block: list[Candidate]) -> str:
    return "\n".join(f"{number}. {ended(piece.text)}" for number, piece in enumerate(block, 1))


def _english(purpose: str, command: str, page: Page) -> tuple[str, str]:
    what = f"to {lower_first(purpose, page)}" if imperative(purpose) else f"for {lower_first(purpose, page)}"
    question = f"Which command do I use {what}?"
    return question, f"Use `{command}` {what}."


def _korean(purpose: str, command: str) -> tuple[str, str]:
    question = chosen((f"{purpose}에 사용하는 명령은 무엇인가요?", f"{purpose}에는 어떤 명령을 사용하나요?"), purpose)
    return question, f"{purpose}에는 `{command}` 명령을 사용합니다."
